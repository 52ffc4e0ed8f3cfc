using System.Text;

namespace Milter.Mime.Tests;

/// <summary>Lines at the top or the end of what is read.</summary>
public sealed class BannerTests
{
    private static string Lf(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal);

    [Theory]
    [InlineData("From: a@x.test\n\nhi\n", "From: a@x.test\n\nhi\nfooter\n")]
    [InlineData("From: a@x.test\n\nhi", "From: a@x.test\n\nhi\nfooter")]
    [InlineData("From: a@x.test\nContent-Type: multipart/mixed; boundary=o\n\n--o\n\nhi\n--o--\n", "From: a@x.test\nContent-Type: multipart/mixed; boundary=o\n\n--o\n\nhi\nfooter\n--o--\n")]
    [InlineData("From: a@x.test\nContent-Type: text/html\n\n<html><body>hi</body></html>\n", "From: a@x.test\nContent-Type: text/html\n\n<html><body>hi<p>footer</p>\n</body></html>\n")]
    public void Text_is_put_at_the_end_and_nothing_else_changes(string message, string expected)
    {
        using MailParts parts = Mail.Read(message);

        Assert.Equal(EditOutcome.Done, parts.AppendText("footer"));
        Assert.Equal(expected, Lf(Mail.Written(parts)));
    }

    [Fact]
    public void Alternatives_get_it_both_and_forwarded_messages_not()
    {
        using MailParts parts = Mail.Read("From: a@x.test\nContent-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: multipart/alternative; boundary=i\n\n--i\n\nhi\n--i\nContent-Type: text/html\n\n<p>hi</p>\n--i--\n--o\nContent-Type: message/rfc822\n\nSubject: other\n\ntext\n--o--\n");

        Assert.Equal(EditOutcome.Done, parts.PrependHtml("<p><b>External</b> &amp; new</p>"));

        string written = Lf(Mail.Written(parts));
        Assert.Contains("--i\n\nExternal & new\nhi\n--i\n", written, StringComparison.Ordinal);
        Assert.Contains("\n\n<p><b>External</b> &amp; new</p><p>hi</p>\n--i--", written, StringComparison.Ordinal);
        Assert.EndsWith("Subject: other\n\ntext\n--o--\n", written, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_written_in_the_charset_of_the_text_where_that_can_carry_it()
    {
        using MailParts parts = Mail.Read("From: a@x.test\nContent-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: 8bit\n\n\u00d0\u00d2\n");

        Assert.Equal(EditOutcome.Done, parts.AppendText("привет"));
        Assert.Equal("From: a@x.test\nContent-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: 8bit\n\n\u00d0\u00d2\n\u00d0\u00d2\u00c9\u00d7\u00c5\u00d4\n", Lf(Mail.Written(parts)));
    }

    [Theory]
    [InlineData("Content-Type: text/plain; charset=iso-8859-1; format=flowed\nContent-Transfer-Encoding: 8bit\n\ngr\u00fcn\n", "grün\nпривет\n")]
    [InlineData("Subject: s\n\nhi\n", "hi\nпривет\n")]
    [InlineData("Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: base64\n\nZ3L8bg==\n", "grün\r\nпривет")]
    [InlineData("Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\ngr=FCn", "grün\r\nпривет")]
    public void Else_the_text_becomes_UTF8_and_says_so(string message, string expected)
    {
        using MailParts parts = Mail.Read("From: a@x.test\n" + message);

        Assert.Equal(EditOutcome.Done, parts.AppendText("привет"));

        using MailParts after = Mail.Read(Encoding.Latin1.GetBytes(Mail.Written(parts)));
        Assert.Equal("utf-8", after.Root.Charset);
        using var reader = new StreamReader(after.Root.OpenContent(), Encoding.UTF8);
        Assert.Equal(Lf(expected), Lf(reader.ReadToEnd()));
        Assert.Contains("MIME-Version: 1.0", Mail.Written(parts), StringComparison.Ordinal);
        Assert.Empty(after.Ambiguities);
    }

    [Fact]
    public void It_is_not_put_there_twice()
    {
        using MailParts parts = Mail.Read("From: a@x.test\n\n> hi\n> This came from\n> outside.\nmy answer\n");

        Assert.Equal(EditOutcome.Unchanged, parts.AppendText("This came from outside."));
        Assert.False(parts.IsEdited);
    }

    [Fact]
    public void A_flowed_text_does_not_flow_into_it()
    {
        using MailParts parts = Mail.Read("From: a@x.test\nContent-Type: text/plain; format=flowed\n\na line that flows \n");

        parts.AppendText("> quoted\nFrom here ");
        Assert.EndsWith("a line that flows \n\n > quoted\n From here\n", Lf(Mail.Written(parts)), StringComparison.Ordinal);
    }
}
