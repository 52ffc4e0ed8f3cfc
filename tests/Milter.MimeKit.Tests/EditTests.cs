using System.Text;

namespace Milter.Mime.Tests;

/// <summary>Edits change the bytes of their part and no others.</summary>
public sealed class EditTests
{
    private const string Two = "From: a@x.test\nMIME-Version: 1.0\nContent-Type: multipart/mixed;   boundary=\"o\"  \n\npreamble\n--o  \nContent-Type: text/plain\n\nhi\n--o\nContent-Type: application/x; name=evil.exe\nContent-Transfer-Encoding: base64\n\naGVsbG8=\n\n--o\n\nlast\n--o-- \nepilogue";

    private static string Lf(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal);

    // The platform does not read it, and a reader that does sees scripts where others see text.
    [Fact]
    public void A_text_in_UTF_7_is_said_to_be_unreadable()
    {
        using MailParts html = Mail.Read("Content-Type: text/html; charset=utf-7\n\n+ADw-script+AD4-\n");

        Assert.Equal([EditOutcome.Unreadable, EditOutcome.Unreadable, EditOutcome.Unreadable], [html.Root.Neutralize(), html.Root.Sanitize(), html.AppendText("footer")]);
        Assert.Equal(EditOutcome.Done, html.Root.ReplaceWithNotice("gone"));
    }

    [Fact]
    public void No_edit_is_the_message_byte_for_byte()
    {
        using MailParts parts = Mail.Read(Two);

        Assert.Equal(Two, Lf(Mail.Written(parts)));
        Assert.True(parts.Changes().IsEmpty);
    }

    [Fact]
    public void A_replaced_part_leaves_all_others_as_they_came()
    {
        using MailParts parts = Mail.Read(Two);

        Assert.Equal(EditOutcome.Done, parts.Find("1.2")!.ReplaceWithNotice("evil.exe was taken out.\n"));

        Assert.Equal(
            Two.Replace("Content-Type: application/x; name=evil.exe\nContent-Transfer-Encoding: base64\n\naGVsbG8=\n", "Content-Type: text/plain; charset=us-ascii\nContent-Transfer-Encoding: 7bit\n\nevil.exe was taken out.\n", StringComparison.Ordinal),
            Lf(Mail.Written(parts)));
        Assert.Empty(parts.Changes().Fields);
    }

    [Fact]
    public void A_removed_part_goes_with_its_boundary_and_the_last_one_becomes_empty()
    {
        using MailParts parts = Mail.Read(Two);

        Assert.Equal(EditOutcome.Done, parts.Find("1.2")!.Remove());
        Assert.Equal(EditOutcome.Gone, parts.Find("1.2")!.Remove());
        Assert.Equal(Two.Replace("--o\nContent-Type: application/x; name=evil.exe\nContent-Transfer-Encoding: base64\n\naGVsbG8=\n\n", "", StringComparison.Ordinal), Lf(Mail.Written(parts)));

        Assert.Equal(EditOutcome.Done, parts.Find("1.1")!.Remove());
        Assert.Equal(EditOutcome.Done, parts.Find("1.3")!.Remove());
        using MailParts again = Mail.Read(Mail.Written(parts));
        Assert.Equal(["1", "1.1"], again.Select(part => part.Path));
        Assert.Empty(again.Ambiguities);
    }

    [Fact]
    public void A_renamed_part_has_one_name_for_all_readers()
    {
        using MailParts parts = Mail.Read(Mail.WithAttachment("Content-Type: application/x;\n name=\"a.exe\"\nContent-Description: kept\nContent-Disposition: attachment; filename=\"b.exe\"; filename*=UTF-8''c.exe"));

        Assert.Equal(EditOutcome.Done, parts.Find("1.2")!.Rename("übung.txt"));

        using MailParts again = Mail.Read(Mail.Written(parts));
        Assert.Equal(["übung.txt"], again.Find("1.2")!.Names);
        Assert.Contains("Content-Description: kept", Mail.Written(parts), StringComparison.Ordinal);
        Assert.Empty(again.Ambiguities);
    }

    [Theory]
    [InlineData("From: a@x.test\nSubject: s\n\nhi\n", "1.1")]
    [InlineData("From: a@x.test\nSubject: s\nContent-Type: text/html; charset=koi8-r\nContent-Transfer-Encoding: 8bit\nX-Other: o\n\n\u00d0\n", "1.1")]
    [InlineData("From: a@x.test\nSubject: s\nContent-Type: multipart/alternative; boundary=o\n\n--o\n\nhi\n--o--\n", "1.1.1")]
    [InlineData("From: a@x.test\nSubject: s\nContent-Type: multipart/mixed; boundary=o\n\n--o\n\nhi\n--o--\n", "1.1")]
    [InlineData("From: a@x.test\nSubject: s\nContent-Type: multipart/mixed; boundary=o\n\n--o\n\nhi\n", "1.1")]
    public void An_attachment_is_added_to_any_message(string message, string path)
    {
        using MailParts parts = Mail.Read(message);
        using MailParts before = Mail.Read(message);

        Assert.Equal(EditOutcome.Done, parts.Attach("ä.txt", "text/plain", "hello"u8));
        parts.AddPart("more");

        string written = Mail.Written(parts);
        using MailParts after = Mail.Read(Encoding.Latin1.GetBytes(written));
        Assert.Equal("multipart/mixed", after.Root.MediaType);
        Assert.Equal(["ä.txt"], after.Root.Children[^2].Names);
        Assert.Equal(5, after.Root.Children[^2].Size);
        MailPart text = before.Root.IsMultipart ? before.Find("1.1")! : before.Root;
        Assert.StartsWith(Lf(Read(text)), Lf(Read(after.Find(path)!)), StringComparison.Ordinal);
        Assert.Contains("Subject: s", written, StringComparison.Ordinal);
        Assert.Empty(after.Ambiguities);
    }

    [Fact]
    public void A_wrapped_message_is_there_byte_for_byte()
    {
        using MailParts parts = Mail.Read(Two);

        parts.WrapOriginal("Look out.");

        using MailParts after = Mail.Read(Encoding.Latin1.GetBytes(Mail.Written(parts)));
        Assert.Equal("message/rfc822", after.Find("1.2")!.MediaType);
        Assert.Equal(Mail.Bytes(Two), Encoding.Latin1.GetBytes(Read(after.Find("1.2")!)));
        Assert.Empty(after.Ambiguities);
    }

    [Fact]
    public void Signed_and_encrypted_parts_are_left_alone_unless_it_is_said()
    {
        const string Signed = "From: a@x.test\nContent-Type: multipart/signed; boundary=s; protocol=\"application/pgp-signature\"\n\n--s\nContent-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: text/plain\n\nhi\n--o\nContent-Type: application/x; name=evil.exe\n\nx\n--o--\n\n--s\nContent-Type: application/pgp-signature\n\nx\n--s--\n";
        using MailParts parts = Mail.Read(Signed);
        using MailParts encrypted = Mail.Read(Signed.Replace("multipart/signed", "multipart/encrypted", StringComparison.Ordinal));
        using MailParts inline = Mail.Read("From: a@x.test\n\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nhi\n");

        Assert.Equal(EditOutcome.Signed, parts.Find("1.1.2")!.ReplaceWithNotice("gone"));
        Assert.Equal(EditOutcome.Signed, parts.AppendText("footer"));
        Assert.Equal(EditOutcome.Encrypted, encrypted.Find("1.1.2")!.Remove());
        Assert.Equal(EditOutcome.Signed, inline.AppendText("footer"));
        Assert.Equal(Signed, Lf(Mail.Written(parts)));
        Assert.False(parts.IsEdited);
        Assert.Equal(EditOutcome.Done, parts.Find("1.1.2")!.ReplaceWithNotice("gone", breakSignature: true));
    }

    [Fact]
    public void A_part_in_an_encoded_message_takes_that_message_along()
    {
        string inner = Convert.ToBase64String(Mail.Bytes("Content-Type: application/x; name=evil.exe\n\nx\n"));
        using MailParts parts = Mail.Read($"From: a@x.test\nContent-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{inner}\n--o--\n");

        Assert.Equal(EditOutcome.Enclosed, parts.Find("1.1.1")!.Rename("a.txt"));
        Assert.Equal(EditOutcome.Done, parts.Find("1.1.1")!.ReplaceWithNotice("gone"));
        Assert.DoesNotContain(inner, Mail.Written(parts), StringComparison.Ordinal);
    }

    [Fact]
    public void The_signatures_that_an_edit_breaks_are_named()
    {
        using MailParts parts = Mail.Read("DKIM-Signature: v=1; a=rsa-sha256; d=x.test;\n s=sel; bh=x; b=y\nFrom: a@x.test\n\nhi\n");

        Assert.Empty(parts.BrokenSignatures);
        parts.AppendText("footer");
        Assert.Equal(["d=x.test s=sel"], parts.BrokenSignatures);
    }

    private static string Read(MailPart part)
    {
        using var reader = new StreamReader(part.OpenContent(), Encoding.Latin1);
        return reader.ReadToEnd();
    }

    [Fact]
    public void What_was_not_kept_is_not_edited_and_each_call_says_so()
    {
        using MailParts parts = MailParts.TooLarge();

        Assert.All(
            [parts.AppendText("x"), parts.PrependHtml("x"), parts.Attach("a.txt", "text/plain", "x"u8), parts.AddPart("x"), parts.WrapOriginal("x"), parts.Root.ReplaceWithNotice("x"), parts.Root.Remove(), parts.Root.Rename("x"), parts.Root.ReplaceContent("x"u8)],
            outcome => Assert.Equal(EditOutcome.Unreadable, outcome));
        Assert.False(parts.IsEdited);
    }

    [Theory]
    [InlineData("p { color: red } v\\:* { behavior: url(#default#VML) } b { background: url('cid:a') }", null)]
    [InlineData("@import \"http://x.test/a;b.css\"; p { color: red }", " p { color: red }")]
    [InlineData("@IMPORT url(http://x.test/a.css);p{color:red}", "p{color:red}")]
    [InlineData("p { background: URL( \"http://x.test/a)b.gif\" ) no-repeat; color: red }", "p { background: URL() no-repeat; color: red }")]
    [InlineData("p { background: url(//x.test/a.gif", "p { background: url()")]
    [InlineData("p { background: \\75rl(http://x.test/) }", "")]
    [InlineData("p { background: image-set(\"http://x.test/\" 1x) }", "")]
    public void What_a_style_sheet_fetches_is_taken_out(string sheet, string? plain)
    {
        string message = $"From: a@x.test\nContent-Type: text/html\n\n<style>{sheet}</style><p>hi</p>\n";
        using MailParts parts = Mail.Read(message);

        Assert.Equal(plain is null ? EditOutcome.Unchanged : EditOutcome.Done, parts.Root.Neutralize());
        Assert.Equal(message.Replace(sheet, plain ?? sheet, StringComparison.Ordinal), Mail.Written(parts).ReplaceLineEndings("\n"));
    }
}
