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
            Assert.Contains("--o\nContent-Type: text/plain\n\nhi\n--o\nContent-Type: message/rfc822\n\nSubject: in\nContent-Type: text/plain\n\ninner\n--o", result.Body, StringComparison.Ordinal);
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

    private static string Body(string message) => message[(message.IndexOf("\n\n", StringComparison.Ordinal) + 2)..];
}

[Milter]
internal sealed partial class Attacher
{
    [OnEom]
    private static void Attach(MailParts parts) => parts.Attach("a.txt", "text/plain", "hello"u8);
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
