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

    // What a browser shows, whatever the sender has written so that a banner is not seen.
    [Theory]
    [InlineData("<!-- <body> --><html><title><body></title><style>a{content:'<body>'}</style><body title=it's class=\"a>b\">@hi</body></html>")]
    [InlineData("@<div style=\"display:none\"><body></div>hi")]
    [InlineData("<!DOCTYPE html>\n@<p>hi</p>")]
    [InlineData("<html><head><!--[if mso]><xml></xml><![endif]--><style><!-- p {margin:0} --></style></head>\n<BODY\nlang=de>@hi</BODY></html>")]
    [InlineData("@1 < 2 and <body>")]
    [InlineData("<html><head><meta name=a>@<template><body></template>hi")]
    [InlineData("<html>@<!-- open")]
    [InlineData("<!--><body>@hi")]
    [InlineData("<!---><body>@hi")]
    [InlineData("<!-- a --!><!----!><!-- -- --- a ---><body>@hi")]
    [InlineData("<!x><?y></ z><body>@hi")]
    public void In_HTML_it_is_put_where_it_is_read_at_the_top(string html)
    {
        using MailParts parts = Mail.Read("From: a@x.test\nContent-Type: text/html\n\n" + html.Replace("@", "", StringComparison.Ordinal));

        Assert.Equal(EditOutcome.Done, parts.PrependHtml("<b>banner</b>"));
        Assert.EndsWith("\n\n" + html.Replace("@", "<b>banner</b>", StringComparison.Ordinal), Lf(Mail.Written(parts)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html><body>hi@</body><!-- </body> --></html>")]
    [InlineData("<p>hi</p>@<!-- open </body>")]
    [InlineData("<p>hi</p>@<textarea></body>")]
    [InlineData("<html>hi@</html>")]
    [InlineData("a < b@")]
    public void In_HTML_it_is_put_where_it_is_read_at_the_end(string html)
    {
        using MailParts parts = Mail.Read("From: a@x.test\nContent-Type: text/html\n\n" + html.Replace("@", "", StringComparison.Ordinal));

        Assert.Equal(EditOutcome.Done, parts.AppendHtml("<b>footer</b>"));
        Assert.EndsWith("\n\n" + html.Replace("@", "<b>footer</b>", StringComparison.Ordinal), Lf(Mail.Written(parts)), StringComparison.Ordinal);
    }

    // ISO-2022-JP writes \u793e as what looks like a tag.
    [Fact]
    public void Letters_that_look_like_tags_are_none()
    {
        const string Html = "<html><title>\x1b$B<R2q\x1b(B</title><body>\x1b$B<RD9\x1b(B</body></html>\n";
        using MailParts parts = Mail.Read("From: a@x.test\nContent-Type: text/html; charset=iso-2022-jp\n\n" + Html);

        parts.PrependHtml("<b>banner</b>");
        parts.AppendHtml("<b>footer</b>");

        Assert.EndsWith(Html.Replace("<body>", "<body><b>banner</b>", StringComparison.Ordinal).Replace("</body>", "<b>footer</b></body>", StringComparison.Ordinal), Lf(Mail.Written(parts)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-8", "utf-8")]
    [InlineData("utf-16", "utf-16")]
    [InlineData("utf-16", "utf-16BE")]
    [InlineData("utf-16be", "utf-16BE")]
    public void A_byte_order_mark_stays_at_the_top_and_says_which_order_it_is(string charset, string order)
    {
        Encoding encoding = Encoding.GetEncoding(order);
        using MailParts parts = Mail.Read($"From: a@x.test\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: base64\n\n{Convert.ToBase64String(encoding.GetBytes("\ufeffпривет\r\n"))}\n");

        parts.PrependText("баннер");
        parts.AppendText("конец");

        using MailParts after = Mail.Read(Encoding.Latin1.GetBytes(Mail.Written(parts)));
        var content = new MemoryStream();
        after.Root.OpenContent().CopyTo(content);
        Assert.Equal("\ufeffбаннер\r\nпривет\r\nконец\r\n", encoding.GetString(content.ToArray()));
    }

    [Theory]
    [InlineData("utf8", "utf-8")]
    [InlineData("iso8859-5", "iso-8859-5")]
    [InlineData("cp1251", "windows-1251")]
    [InlineData("\"koi8-r (Cyrillic)\"", "koi8-r")]
    public void A_charset_is_known_by_its_other_names(string named, string known)
    {
        Encoding encoding = Encoding.GetEncoding(known);
        using MailParts parts = Mail.Read([.. Mail.Bytes($"From: a@x.test\nContent-Type: text/plain; charset={named}\nContent-Transfer-Encoding: 8bit\n\n"), .. encoding.GetBytes("привет\r\n")]);

        Assert.Equal(EditOutcome.Done, parts.AppendText("конец"));
        Assert.EndsWith("\r\n\r\nпривет\r\nконец\r\n", encoding.GetString(Encoding.Latin1.GetBytes(Mail.Written(parts))), StringComparison.Ordinal);
    }

    // Nobody knows what these letters are, so that a text that says what they are would be a guess.
    [Theory]
    [InlineData("")]
    [InlineData("Content-Type: text/plain; charset=us-ascii\n")]
    [InlineData("Content-Type: text/plain; charset=x-none\n")]
    public void A_text_in_a_charset_that_nobody_knows_stays_as_it_is(string type)
    {
        string message = $"From: a@x.test\n{type}\n\u00d0\u00d2\u00c9\n";
        using MailParts parts = Mail.Read(message);

        Assert.Equal(EditOutcome.Unreadable, parts.AppendText("привет"));
        Assert.False(parts.IsEdited);
        Assert.Equal(EditOutcome.Done, parts.AppendText("footer"));
        Assert.Equal(message + "footer\n", Lf(Mail.Written(parts)));
    }

    [Theory]
    [InlineData("Content-Type: text/html")]
    [InlineData("Content-Type: text/html; charset=x-none")]
    public void HTML_that_says_its_charset_itself_keeps_its_letters(string type)
    {
        const string Letters = "<meta charset=\"koi8-r\"><p>\u00d0\u00a0\u0085\u00c9</p>";
        using MailParts parts = Mail.Read($"From: a@x.test\n{type}\nContent-Transfer-Encoding: 8bit\n\n{Letters}<script>x</script>\n");

        Assert.Equal(EditOutcome.Done, parts.Root.Neutralize());
        Assert.Equal($"From: a@x.test\n{type}\nContent-Transfer-Encoding: 8bit\n\n{Letters}\n", Lf(Mail.Written(parts)));
    }

    // An image may come before the HTML that shows it (RFC 2387, start).
    [Fact]
    public void Each_alternative_is_looked_through_for_itself()
    {
        using MailParts parts = Mail.Read("From: a@x.test\nContent-Type: multipart/alternative; boundary=o\n\n--o\n\nhi\n--o\nContent-Type: multipart/related; boundary=i; start=\"<h>\"\n\n--i\nContent-Type: image/png\n\nx\n--i\nContent-Type: text/html\nContent-ID: <h>\n\n<p>hi</p>\n--i--\n--o--\n");

        Assert.Equal(EditOutcome.Done, parts.PrependText("banner", "<b>banner</b>"));
        Assert.Contains("\n\nbanner\nhi\n", Lf(Mail.Written(parts)), StringComparison.Ordinal);
        Assert.Contains("\n\n<b>banner</b><p>hi</p>\n", Lf(Mail.Written(parts)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_part_that_a_related_one_says_it_begins_with_is_read_too()
    {
        using MailParts parts = Mail.Read("From: a@x.test\nContent-Type: multipart/related; boundary=i; start=\"<h>\"\n\n--i\nContent-Type: text/html\n\n<p>one</p>\n--i\nContent-Type: text/html\n\n<p>two</p>\n--i\nContent-Type: text/html\nContent-ID: <h>\n\n<p>three</p>\n--i--\n");

        Assert.Equal(EditOutcome.Done, parts.PrependHtml("<b>banner</b>"));
        Assert.Equal(["<b>banner</b><p>one</p>", "<p>two</p>", "<b>banner</b><p>three</p>"], Lf(Mail.Written(parts)).Split('\n').Where(line => line.Contains("<p>", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Content-Type: text/plain; name=a.txt\n\nhi\n")]
    [InlineData("Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: multipart/alternative; boundary=i\n\n--i\nContent-Type: text/plain; name=a.txt\nContent-Disposition: inline\n\nhi\n--i--\n--o--\n")]
    public void What_comes_first_is_read_whatever_it_is_called(string message)
    {
        using MailParts parts = Mail.Read("From: a@x.test\n" + message);

        Assert.Equal(EditOutcome.Done, parts.PrependText("banner"));
        Assert.Contains("\n\nbanner\nhi\n", Lf(Mail.Written(parts)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(EditOutcome.Unchanged, "Content-Type: multipart/mixed; boundary=o\n\n")]
    [InlineData(EditOutcome.Unchanged, "Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: image/png\n\nx\n--o\nContent-Type: text/plain; name=a.txt\n\nx\n--o--\n")]
    [InlineData(EditOutcome.Encrypted, "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\nContent-Transfer-Encoding: base64\n\nMIAGCSqGSIb3DQEHA6CA\n")]
    public void Where_there_is_nothing_to_read_it_says_so(EditOutcome outcome, string message)
    {
        using MailParts parts = Mail.Read("From: a@x.test\n" + message);

        Assert.Equal(outcome, parts.AppendText("footer"));
        Assert.False(parts.IsEdited);
    }
}
