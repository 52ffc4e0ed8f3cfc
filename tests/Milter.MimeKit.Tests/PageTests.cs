using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Milter.Testing;

namespace Milter.Mime.Tests;

/// <summary>The recipes of docs/mime.md are these files, as short as it says, and they do what it says.</summary>
public sealed partial class PageTests
{
    [Fact]
    public void Code_is_what_is_compiled()
    {
        string page = Read("docs/mime.md");
        MatchCollection blocks = Blocks().Matches(page);

        Assert.Equal(Directory.GetFiles(Path.Combine(Root(), "tests/Milter.MimeKit.Tests/Pages")).Select(Path.GetFileName).Order(), blocks.Select(block => Path.GetFileName(block.Groups["path"].Value)).Order());
        Assert.All(blocks, block => Assert.Equal(Read(block.Groups["path"].Value).TrimEnd(), block.Groups["code"].Value.TrimEnd()));
    }

    [Theory]
    [InlineData("NoPrograms", 25)]
    [InlineData("Disclaimer", 15)]
    public void Recipes_are_as_short_as_is_said(string name, int lines)
    {
        string[] code = Read($"tests/Milter.MimeKit.Tests/Pages/{name}.cs").TrimEnd().Split('\n');
        int body = code.Count(line => line.Length > 0) - 2;

        Assert.InRange(body, 1, lines);
    }

    [Fact]
    public async Task Programs_are_replaced_in_archives_and_forwarded_messages_too()
    {
        string zip = Convert.ToBase64String(Mail.Zip(("in.zip", Mail.Zip(("evil.exe", [1])))));
        await using var host = new MilterTestHost<NoPrograms>();

        MilterTestResult result = await host.SendAsync(TestMessage.Parse($"From: a@x.test\nTo: b@y.test\nContent-Type: multipart/mixed; boundary=o\n\n--o\n\nhi\n--o\nContent-Type: application/zip\nContent-Transfer-Encoding: base64\n\n{zip}\n--o\nContent-Type: message/rfc822\n\nSubject: in\nContent-Type: application/x; name=b.scr\n\nx\n--o--\n"));

        Assert.Equal(["in.zip/evil.exe", "b.scr"], result.Headers("X-Removed"));
        Assert.DoesNotContain(zip, result.Body, StringComparison.Ordinal);
        Assert.Contains("Subject: in\nContent-Type: text/plain; charset=us-ascii\n", result.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signed_mail_with_a_program_is_refused()
    {
        await using var host = new MilterTestHost<NoPrograms>();

        MilterTestResult result = await host.SendAsync(TestMessage.Parse("From: a@x.test\nTo: b@y.test\nContent-Type: multipart/signed; boundary=s; protocol=\"application/pgp-signature\"\n\n--s\nContent-Type: application/x; name=a.exe\n\nx\n--s\nContent-Type: application/pgp-signature\n\nx\n--s--\n"));

        result.AssertRejected(550);
    }

    [Fact]
    public async Task The_banner_and_the_disclaimer_are_put_where_they_belong()
    {
        await using var outside = new MilterTestHost<ExternalBanner>();
        await using var own = new MilterTestHost<Disclaimer>();
        TestMessage message = TestMessage.Parse("From: a@x.test\nTo: b@y.test\n\nhi\n");

        Assert.Equal("[This message came from outside.]\nhi\n", (await outside.SendAsync(message)).Body);
        Assert.Equal("hi\n", (await own.SendAsync(message)).Body);
    }

    [Fact]
    public async Task Malformed_mail_is_refused_and_scripts_are_taken_out()
    {
        await using var doubtful = new MilterTestHost<Doubtful>();
        await using var html = new MilterTestHost<PlainHtml>();

        (await doubtful.SendAsync(TestMessage.Parse("From: a@x.test\nTo: b@y.test\nContent-Type: multipart/mixed; boundary=o\n\n--o\n\nhi\n"))).AssertRejected(550);
        MilterTestResult result = await html.SendAsync(TestMessage.Parse("From: a@x.test\nTo: b@y.test\nContent-Type: text/html\n\n<p onclick=\"x()\" class=\"c\">hi</p><script>alert(1)</script><img src=\"http://x.test/a.png\"><a href=\"https://x.test/\">y</a>\n"));
        Assert.Equal("<p class=\"c\">hi</p><img><a href=\"https://x.test/\">y</a>\n", result.Body);
    }

    [Fact]
    public async Task A_changed_subject_is_one_changed_field()
    {
        await using var host = new MilterTestHost<ShortSubject>();

        MilterTestResult result = await host.SendAsync(TestMessage.Parse($"From: a@x.test\nTo: b@y.test\nSubject: {new string('x', 300)}\n\nhi\n"));

        Assert.Single(result.Modifications);
    }

    private static string Read(string path) => File.ReadAllText(Path.Combine(Root(), path));

    private static string Root([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../.."));

    [GeneratedRegex("<!-- file: (?<path>\\S+) -->\n```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
