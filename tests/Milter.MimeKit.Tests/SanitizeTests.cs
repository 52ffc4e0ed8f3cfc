using System.Text;

namespace Milter.Mime.Tests;

/// <summary>HTML that is written anew from an allow-list.</summary>
public sealed class SanitizeTests
{
    [Theory]
    [InlineData("<p>hi<script>alert(1)</script></p>", "<p>hi</p>")]
    [InlineData("<p onclick=\"x()\" style=\"color:red;behavior:url(x)\">hi</p>", "<p style=\"color: rgba(255, 0, 0, 1)\">hi</p>")]
    [InlineData("<a href=\"https://example.org/\">x</a><a href=\"JaVaScRiPt:alert(1)\">y</a>", "<a href=\"https://example.org/\">x</a><a>y</a>")]
    [InlineData("<a href=\"mailto:joe@example.org\">x</a>", "<a href=\"mailto:joe@example.org\">x</a>")]
    [InlineData("<img src=\"cid:a@b\"><img src=\"https://track.example/x.gif\">", "<img src=\"cid:a@b\"><img>")]
    [InlineData("<table background=\"http://track.example/\"><tbody><tr><td style=\"background-image:url(http://track.example/)\">x</td></tr></tbody></table>", "<table><tbody><tr><td>x</td></tr></tbody></table>")]
    [InlineData("<form action=\"https://evil.example\"><input name=a>text</form>", "text")]
    [InlineData("<p>a<o:p>b</o:p><span>c</span></p>", "<p>ab<span>c</span></p>")]
    [InlineData("<iframe src=\"https://evil.example\"></iframe><object data=x></object><style>p{}</style><svg><text>x</text></svg>ok", "ok")]
    [InlineData("<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">", "")]
    public void Only_what_is_allowed_is_left(string html, string body)
    {
        using MailParts parts = Mail.Read($"From: a@x.test\nContent-Type: text/html; charset=us-ascii\n\n<html><body>{html}</body></html>\n");

        Assert.Equal(EditOutcome.Done, parts.Root.Sanitize());

        string written = Mail.Written(parts);
        Assert.Equal(body, written[(written.IndexOf("<body>", StringComparison.Ordinal) + 6)..written.IndexOf("</body>", StringComparison.Ordinal)].TrimEnd());
    }

    [Fact]
    public void The_charset_is_kept_where_it_carries_the_text()
    {
        using MailParts parts = Mail.Read("From: a@x.test\nContent-Type: text/html; charset=koi8-r\nContent-Transfer-Encoding: 8bit\n\n<p onclick=x>\u00f0\u00f2\u00e9</p>\n");

        Assert.Equal(EditOutcome.Done, parts.Root.Sanitize());

        Assert.Contains("<p>\u00f0\u00f2\u00e9</p>", Mail.Written(parts), StringComparison.Ordinal);
        Assert.Contains("charset=koi8-r", Mail.Written(parts), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_HTML_or_is_signed_stays()
    {
        using MailParts text = Mail.Read("From: a@x.test\n\n<script>\n");
        using MailParts signed = Mail.Read("From: a@x.test\nContent-Type: multipart/signed; boundary=s; protocol=\"application/pgp-signature\"\n\n--s\nContent-Type: text/html\n\n<script></script>\n--s\nContent-Type: application/pgp-signature\n\nx\n--s--\n");

        Assert.Equal(EditOutcome.Unchanged, text.Root.Sanitize());
        Assert.Equal(EditOutcome.Signed, signed.Find("1.1")!.Sanitize());
        Assert.False(text.IsEdited || signed.IsEdited);
    }

    // Parsers of HTML and CSS go down by recursion: what a sender nests must not end the process.
    [Theory]
    [InlineData("<div>", "", 100_000)]
    [InlineData("<b></i>", "", 20_000)]
    [InlineData("<template>", "", 30_000)]
    [InlineData("<p style=\"width:calc", "(", 1_000_000)]
    [InlineData("<style>", "@media a{", 200_000)]
    [InlineData("<a ", "b=c ", 200_000)]
    [InlineData("<table><tr><td>", "<table><tr><td>", 20_000)]
    [InlineData("<svg>", "<foreignObject><svg>", 20_000)]
    public void Whatever_is_nested_is_bounded(string begin, string more, int count)
    {
        string html = more.Length == 0 ? string.Concat(Enumerable.Repeat(begin, count)) : begin + string.Concat(Enumerable.Repeat(more, count)) + "\">";
        using MailParts parts = MailParts.Read(new MemoryStream(Encoding.ASCII.GetBytes($"From: a@x.test\r\nContent-Type: text/html\r\n\r\n{html}\r\n")));

        Assert.NotEqual(EditOutcome.Unchanged, parts.Root.Sanitize());
    }
}
