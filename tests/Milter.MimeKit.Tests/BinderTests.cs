using System.Text;
using Milter.Client;
using Milter.Testing;
using MimeKit;

namespace Milter.Mime.Tests;

/// <summary>Parts and tree as parameters: what is changed goes out, nothing else does.</summary>
public sealed class BinderTests
{
    private const string Two = "From: a@x.test\nTo: b@y.test\nMIME-Version: 1.0\nContent-Type: multipart/mixed;   boundary=\"o\"  \n\npreamble\n--o  \nContent-Type: text/plain\n\nhi\n--o\nContent-Type: application/x; name=evil.exe\nContent-Transfer-Encoding: base64\n\naGVsbG8=\n\n--o\n\nlast\n--o-- \nepilogue\n";

    [Fact]
    public async Task A_filter_of_parts_changes_only_what_it_replaces()
    {
        await using var host = new MilterTestHost<NoPrograms>();

        MilterTestResult result = await host.SendAsync(TestMessage.Parse(Two));

        Assert.Equal(["evil.exe"], result.Headers("X-Removed"));
        Assert.Equal(Body(Two).Replace("Content-Type: application/x; name=evil.exe\nContent-Transfer-Encoding: base64\n\naGVsbG8=\n", "Content-Type: text/plain; charset=us-ascii\nContent-Transfer-Encoding: 7bit\n\nThe attachment evil.exe was removed: programs are not taken by mail.\n", StringComparison.Ordinal), result.Body);
    }

    [Fact]
    public async Task Without_an_edit_there_is_no_action()
    {
        await using var parts = new MilterTestHost<NoPrograms>();
        await using var tree = new MilterTestHost<TreeReader>();
        string clean = Two.Replace("evil.exe", "good.txt", StringComparison.Ordinal);

        Assert.Empty((await parts.SendAsync(TestMessage.Parse(clean))).Modifications);
        Assert.Empty((await tree.SendAsync(TestMessage.Parse(clean))).Modifications);
    }

    [Fact]
    public async Task A_message_that_becomes_a_multipart_has_the_fields_of_one()
    {
        await using var host = new MilterTestHost<Attacher>();

        MilterTestResult result = await host.SendAsync(TestMessage.Parse("From: a@x.test\nTo: b@y.test\nContent-Type: text/html\n\n<p>hi</p>\n"));

        Assert.StartsWith("multipart/mixed;", Assert.Single(result.Headers("Content-Type")), StringComparison.Ordinal);
        Assert.Equal(["1.0"], result.Headers("MIME-Version"));
        Assert.Contains("\nContent-Type: text/html\n\n<p>hi</p>\n\n--=_", result.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("subject")]
    [InlineData("text")]
    [InlineData("parameter")]
    [InlineData("add")]
    [InlineData("remove")]
    [InlineData("nested")]
    public async Task A_changed_tree_goes_out_as_what_was_changed(string what)
    {
        const string Message = "From: a@x.test\nTo: b@y.test\nSubject:  two  blanks\nMIME-Version: 1.0\nContent-Type: multipart/mixed;   boundary=\"o\"  \n\npreamble\n--o  \nContent-Type: text/plain\n\nhi\n--o\nContent-Type: message/rfc822\n\nSubject: in\nContent-Type: text/plain\n\ninner\n--o\nContent-Type: application/x; name=a.bin\n\nx\n--o-- \nepilogue\n";
        await using var host = new MilterTestHost<TreeWriter>(() => new TreeWriter(what));

        MilterTestResult result = await host.SendAsync(TestMessage.Parse(Message));

        string body = Body(Message);
        string expected = what switch
        {
            "text" => body.Replace("Content-Type: text/plain\n\nhi\n--o\n", "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\ngr=C3=BCn and more than that in one line=\n\n--o\n", StringComparison.Ordinal),
            "parameter" => body.Replace("Content-Type: application/x; name=a.bin", "Content-Type: application/x; name=b.bin", StringComparison.Ordinal),
            "nested" => body.Replace("Subject: in\n", "Subject: new\n", StringComparison.Ordinal),
            _ => body,
        };
        if (what is "add" or "remove")
        {
            Assert.Contains("--o  \nContent-Type: text/plain\n\nhi\n--o\nContent-Type: message/rfc822\n\nSubject: in\nContent-Type: text/plain\n\ninner\n--o", result.Body, StringComparison.Ordinal);
            Assert.Equal(what == "add", result.Body.Contains("added", StringComparison.Ordinal));
            Assert.Equal(what == "add", result.Body.Contains("a.bin", StringComparison.Ordinal));
            Assert.Contains("\n--o--", result.Body, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(expected, result.Body);
        }

        Assert.Equal(what == "subject" ? ["other"] : [" two  blanks"], result.Headers("Subject"));
        Assert.Equal(what == "subject" ? 1 : 0, result.Modifications.Count(modification => modification.ToString().Contains("Subject", StringComparison.Ordinal)));
    }

    private const string Tree = "Received: one\nReceived: two\nReceived: three\nFrom: a@x.test\nTo: b@y.test\nMIME-Version: 1.0\nContent-Type: multipart/mixed;   boundary=\"o\"  \n\npreamble\n--o \nContent-Type: text/plain\n\nhi\n--o  \nContent-Type: application/x; name=a.bin\n\nx\n--o-- \nepilogue\n";

    [Fact]
    public async Task A_body_that_is_put_into_a_new_multipart_stays_as_it_came()
    {
        string line = new('x', 1500);
        foreach ((string header, string body) in ((string, string)[])[("Content-Type: text/plain; charset=x-none\n", $"hi \n{line}\n"), ("", "hi\n"), ("Content-Type: multipart/mixed;   boundary=\"o\"  \n", Body(Tree))])
        {
            MilterTestResult result = await ChangedAsync($"From: a@x.test\nTo: b@y.test\nSubject: s\n{header}\n{body}", static message => message.Body = new Multipart("mixed") { message.Body!, new TextPart("plain") { Text = "added" } });

            string type = Assert.Single(result.Headers("Content-Type"));
            string boundary = type[(type.IndexOf("boundary=\"", StringComparison.Ordinal) + 10)..^1];
            Assert.Equal($"--{boundary}\n{header}\n{body}\n--{boundary}\nContent-Type: text/plain; charset=utf-8\n\nadded\n--{boundary}--\n", result.Body);
            Assert.Equal(["1.0"], result.Headers("MIME-Version"));
            Assert.Equal(["s"], result.Headers("Subject"));
        }
    }

    [Fact]
    public async Task A_part_added_where_there_is_no_boundary_gets_one()
    {
        MilterTestResult result = await ChangedAsync("From: a@x.test\nTo: b@y.test\nMIME-Version: 1.0\nContent-Type: multipart/mixed\n\nsome text\n", static message => ((Multipart)message.Body!).Add(new TextPart("plain") { Text = "added" }));

        using MailParts parts = MailParts.Read(new MemoryStream(result.Outcome.Result.Content.ToBytes()));
        Assert.Equal(["multipart/mixed", "text/plain"], parts.Select(part => part.MediaType));
        Assert.Empty(parts.Ambiguities);
    }

    // The lines between parts that stay are theirs, too.
    [Fact]
    public async Task Parts_that_come_and_go_leave_all_other_lines_as_they_came()
    {
        MilterTestResult removed = await ChangedAsync(Tree, static message => ((Multipart)message.Body!).RemoveAt(0));
        MilterTestResult last = await ChangedAsync(Tree, static message => ((Multipart)message.Body!).RemoveAt(1));
        MilterTestResult added = await ChangedAsync(Tree, static message => ((Multipart)message.Body!).Insert(1, new TextPart("plain") { Text = "added" }));

        Assert.Equal(Body(Tree).Replace("--o \nContent-Type: text/plain\n\nhi\n", "", StringComparison.Ordinal), removed.Body);
        Assert.Equal(Body(Tree).Replace("--o  \nContent-Type: application/x; name=a.bin\n\nx\n", "", StringComparison.Ordinal), last.Body);
        Assert.Equal(Body(Tree).Replace("--o  \n", "--o\nContent-Type: text/plain; charset=utf-8\n\nadded\n--o  \n", StringComparison.Ordinal), added.Body);
    }

    [Fact]
    public async Task Fields_that_come_and_go_are_one_change_each()
    {
        MilterTestResult removed = await ChangedAsync(Tree, static message => message.Headers.RemoveAt(0));
        MilterTestResult added = await ChangedAsync(Tree, static message => message.Headers.Insert(0, "Received", "zero"));
        MilterTestResult changed = await ChangedAsync(Tree, static message => message.Headers[1].Value = "new");

        Assert.All([removed, added, changed], result => Assert.Single(result.Modifications));
        Assert.Equal(["two", "three"], removed.Headers("Received").Skip(1));
        Assert.Equal("zero", added.Headers("Received")[0]);
        Assert.Equal(["one", "two", "three"], added.Headers("Received").Skip(2));
        Assert.Equal(["one", "new", "three"], changed.Headers("Received").Skip(1));
    }

    [Fact]
    public async Task A_body_that_is_taken_away_is_empty()
    {
        MilterTestResult result = await ChangedAsync("From: a@x.test\nTo: b@y.test\nContent-Type: text/plain\n\nhi\n", static message => message.Body = null);

        Assert.Equal("", result.Body);
        Assert.Empty(result.Headers("Content-Type"));
    }

    // What a milter sends has CR LF at each line's end, whatever system it runs on.
    [Fact]
    public async Task A_folded_field_of_a_part_ends_its_lines_as_all_others_do()
    {
        MilterTestResult result = await ChangedAsync(Tree, static message => ((MimePart)((Multipart)message.Body!)[1]).FileName = new string('n', 200));

        byte[] whole = result.Outcome.Result.Content.ToBytes();
        Assert.DoesNotContain('\n', Encoding.Latin1.GetString(whole).Replace("\r\n", "", StringComparison.Ordinal));
        using MailParts parts = MailParts.Read(new MemoryStream(whole));
        Assert.Contains(new string('n', 200), parts[2].Names);
    }

    private static async Task<MilterTestResult> ChangedAsync(string message, Action<MimeMessage> change)
    {
        await using var host = new MilterTestHost<TreeChanger>(() => new TreeChanger(change));
        return await host.SendAsync(TestMessage.Parse(message));
    }

    private static string Body(string message) => message[(message.IndexOf("\n\n", StringComparison.Ordinal) + 2)..];
}

[Milter]
internal sealed partial class Attacher
{
    [OnEom]
    private static void Attach(MailParts parts) => parts.Attach("a.txt", "text/plain", "hello"u8);
}

[Milter]
internal sealed partial class TreeChanger(Action<MimeMessage> change)
{
    [OnEom]
    private void Change(MimeMessage message) => change(message);
}

[Milter]
internal sealed partial class TreeReader
{
    [OnEom]
    private static Verdict Read(MimeMessage message) => message.BodyParts.Any() ? Verdict.Continue : Verdict.Reject();
}

[Milter]
internal sealed partial class TreeWriter(string what)
{
    [OnEom]
    private void Change(MimeMessage message)
    {
        var mixed = (Multipart)message.Body!;
        switch (what)
        {
            case "subject":
                message.Subject = "other";
                break;
            case "text":
                ((TextPart)mixed[0]).Text = "grün and more than that in one line";
                break;
            case "parameter":
                mixed[2].ContentType.Name = "b.bin";
                break;
            case "add":
                mixed.Add(new TextPart("plain") { Text = "added" });
                break;
            case "remove":
                mixed.RemoveAt(2);
                break;
            default:
                ((MessagePart)mixed[1]).Message!.Subject = "new";
                break;
        }
    }
}
