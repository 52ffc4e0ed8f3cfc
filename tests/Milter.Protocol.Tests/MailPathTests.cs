namespace Milter.Protocol.Tests;

/// <summary>Protects the one notion of an address that filters, editors and the MTA's side share: every text is taken apart, and spellings of one mailbox are one.</summary>
public sealed class MailPathTests
{
    [Theory]
    [InlineData("ann@example.org")]
    [InlineData("<ann@example.org>")]
    [InlineData("Ann@Example.ORG")]
    [InlineData("\"ann\"@example.org")]
    [InlineData("\"a\\nn\"@example.org")]
    [InlineData("a\\nn@example.org")]
    [InlineData("ann@example.org.")]
    [InlineData("ann(a (nested) \\) comment)@example.org")]
    [InlineData("(c)ann@(d)example.org(e)")]
    [InlineData("ann@exam(ple)ple.org")]
    [InlineData(" ann @ example . org ")]
    [InlineData("<@relay.example:ann@example.org>")]
    [InlineData("<@relay.example,@[IPv6:2001:db8::1]:\"ANN\"@example.org.>")]
    [InlineData("Ann Other <ann@example.org>")]
    public void Spellings_of_one_mailbox_are_one(string spelling)
    {
        var path = new MailPath(spelling);

        Assert.Equal("ann@example.org", path.Canonical);
        Assert.True(path.Is("ann@example.org"));
        Assert.True(new MailPath("ann@example.org").Is(path));
    }

    [Theory]
    [InlineData("ann+tag@example.org", "ann+tag@example.org")]
    [InlineData("\"two words\"@example.org", "\"two words\"@example.org")]
    [InlineData("two.\"x\"@example.org", "two.x@example.org")]
    [InlineData("\"a@b\"@c", "\"a@b\"@c")]
    [InlineData("\"a\\\"b\"@c", "\"a\\\"b\"@c")]
    [InlineData("a@b@c", "\"a@b\"@c")]
    [InlineData("Postmaster", "postmaster")]
    [InlineData("", "")]
    [InlineData("<>", "")]
    [InlineData("@nobody", "\"\"@nobody")]
    [InlineData("a@", "a")]
    [InlineData("a(b@c", "\"a(b\"@c")]
    [InlineData("\"a@b", "\"a@b\"")]
    [InlineData("a@[192.0.2.1]", "a@[192.0.2.1]")]
    [InlineData("a@[IPv6:2001:DB8:0:0:0:0:0:1]", "a@[ipv6:2001:db8::1]")]
    [InlineData("JÖRG@BÜCHER.example", "jörg@xn--bcher-kva.example")]
    [InlineData("a@xn--BCHER-kva.example", "a@xn--bcher-kva.example")]
    [InlineData("a@-\u00fc..example", "a@-\u00fc..example")]
    public void Every_text_has_a_canonical_form(string text, string canonical)
    {
        Assert.Equal(canonical, new MailPath(text).Canonical);
        Assert.Equal(canonical, new MailPath(canonical).Canonical);
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_stay()
    {
        Assert.Equal("a\udcff@b\udcff", new MailPath("A\udcff@B\udcff.").Canonical);
        Assert.Equal("a\udcff@b\udcff", new MailPath("a\udcff@b\udcff").Plain);
    }

    [Fact]
    public void What_is_another_mailbox_is_not_the_same()
    {
        Assert.False(new MailPath("ann@example.org").Is("ann@example.com"));
        Assert.False(new MailPath("ann+a@example.org").Is("ann@example.org"));
        Assert.False(new MailPath("a.b@example.org").Is("ab@example.org"));
        Assert.False(MailPath.Null.Is("ann@example.org"));
    }

    [Fact]
    public void What_was_written_stays_to_be_seen()
    {
        var path = new MailPath("<@relay.example:\"Ann\"@Bücher.Example.>", "SIZE=1");

        Assert.Equal("@relay.example:\"Ann\"@Bücher.Example.", path.Text);
        Assert.Equal("\"Ann\"@Bücher.Example.", path.Address);
        Assert.Equal(("\"Ann\"", "Bücher.Example."), (path.LocalPart, path.Domain));
        Assert.Equal("Ann@Bücher.Example.", path.Plain);
        Assert.True(path.HasRoute);
        Assert.Equal("<@relay.example:\"Ann\"@Bücher.Example.> SIZE=1", path.ToString());
    }

    [Theory]
    [InlineData("a@bücher.example", "xn--bcher-kva.example", "bücher.example")]
    [InlineData("a@xn--bcher-kva.example", "xn--bcher-kva.example", "bücher.example")]
    [InlineData("a@Example.org.", "example.org", "example.org")]
    [InlineData("a@xn--\u00fc", "xn--\u00fc", "xn--\u00fc")]
    [InlineData("a", "", "")]
    public void A_domain_has_both_forms_of_IDNA(string address, string ascii, string unicode)
    {
        var path = new MailPath(address);

        Assert.Equal((ascii, unicode), (path.AsciiDomain, path.UnicodeDomain));
    }

    [Fact]
    public void Equal_is_what_is_written_alike()
    {
        Assert.Equal(new MailPath("a@b", "SIZE=1"), new MailPath("<a@b>", "SIZE=1"));
        Assert.NotEqual(new MailPath("a@b"), new MailPath("A@b"));
        Assert.NotEqual(new MailPath("a@b"), new MailPath("a@b", "SIZE=1"));
    }

    [Fact]
    public void Hostile_text_takes_linear_time()
    {
        string parentheses = new('(', 60_000), quotes = new('"', 60_000), backslashes = new('\\', 60_000);

        Assert.NotEmpty(new MailPath(parentheses + "@example.org").Canonical);
        Assert.NotEmpty(new MailPath(quotes + "x@example.org").Canonical);
        Assert.NotEmpty(new MailPath(backslashes + "@example.org").Canonical);
        Assert.Equal("a@b", new MailPath(parentheses + new string(')', 60_000) + "a@b").Canonical);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ann@example.org")]
    [InlineData("ann@example.org.")]
    [InlineData("\"a> b\"@c")]
    [InlineData("\"a\\\\\"@c")]
    [InlineData("jörg@bücher.example")]
    [InlineData("postmaster")]
    [InlineData("a@[192.0.2.1]")]
    [InlineData("a@[IPv6:2001:db8::1]")]
    [InlineData("@relay.example:a@b")]
    [InlineData("a..b@c")]
    [InlineData("a/b|c!d%e@example.org")]
    public void What_both_servers_take_is_well(string address) => Assert.Null(new MailPath(address).Check());

    [Theory]
    [InlineData("a@b,c@d", "U+002C at position 3")]
    [InlineData("a b@c", "U+0020 at position 1")]
    [InlineData("a@b NOTIFY=NEVER", "U+0020 at position 3")]
    [InlineData("a@b@c", "U+0040 at position 3")]
    [InlineData("a(c)@b", "U+0028 at position 1")]
    [InlineData("a\\@b", "U+005C at position 1")]
    [InlineData("a\r\n@b", "U+000D at position 1")]
    [InlineData("\"a\0\"@b", "U+0000 at position 2")]
    [InlineData("a\u007f@b", "U+007F at position 1")]
    [InlineData("a@b>", "U+003E at position 3")]
    [InlineData("\"a@b", "quote that does not end")]
    [InlineData("\"a\\\"@b", "quote that does not end")]
    [InlineData("a@[192.0.2.1", "bracket that does not close")]
    [InlineData("a@[1]x", "brackets or quotes")]
    [InlineData("a@\"b\"", "brackets or quotes")]
    [InlineData("a@", "nothing after its @")]
    [InlineData("@b", "nothing before its @")]
    [InlineData("@r:", "nothing after its source route")]
    [InlineData("a@b..c", "empty label")]
    [InlineData("a@.b", "empty label")]
    [InlineData("|/bin/true", "program or a file")]
    [InlineData("/dev/null", "program or a file")]
    [InlineData(":include:/etc/passwd", "U+003A at position 0")]
    public void What_a_server_would_take_for_something_else_is_told(string address, string reason) =>
        Assert.Contains(reason, new MailPath(address).Check(), StringComparison.Ordinal);
}
