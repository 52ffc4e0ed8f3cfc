namespace Milter.Runtime.Tests.Message;

/// <summary>Protects how addresses of the envelope and their ESMTP arguments are taken apart, odd and hostile ones included.</summary>
public sealed class EnvelopeAddressTests
{
    [Theory]
    [InlineData("<a@example.org>", "a@example.org", "a", "example.org")]
    [InlineData("a@example.org", "a@example.org", "a", "example.org")]
    [InlineData("<>", "", "", "")]
    [InlineData("", "", "", "")]
    [InlineData("<postmaster>", "postmaster", "postmaster", "")]
    [InlineData("< a@b >", "a@b", "a", "b")]
    [InlineData("<\"a@b\"@c>", "\"a@b\"@c", "\"a@b\"", "c")]
    [InlineData("<\"a\\\"@b\"@c>", "\"a\\\"@b\"@c", "\"a\\\"@b\"", "c")]
    [InlineData("<\"a>b\"@c>", "\"a>b\"@c", "\"a>b\"", "c")]
    [InlineData("<a\\@b@c>", "a\\@b@c", "a\\@b", "c")]
    [InlineData("<a@b@c>", "a@b@c", "a@b", "c")]
    [InlineData("<@relay,@other:a@b>", "a@b", "a", "b")]
    [InlineData("<@[IPv6:2001:db8::1],@x:a@b>", "a@b", "a", "b")]
    [InlineData("<a@[192.0.2.1]>", "a@[192.0.2.1]", "a", "[192.0.2.1]")]
    [InlineData("<a@[IPv6:2001:db8::1]>", "a@[IPv6:2001:db8::1]", "a", "[IPv6:2001:db8::1]")]
    [InlineData("Some One <a@b>", "a@b", "a", "b")]
    [InlineData("\"<x@y>\" <a@b>", "a@b", "a", "b")]
    [InlineData("<a@b> trailing", "a@b", "a", "b")]
    [InlineData("<a@b", "a@b", "a", "b")]
    [InlineData("a@b>", "a@b>", "a", "b>")]
    [InlineData("<a[@b>", "a[@b", "a[", "b")]
    [InlineData("<@nobody>", "@nobody", "", "nobody")]
    [InlineData("<a@>", "a@", "a", "")]
    [InlineData("<\"a@b>", "\"a@b>", "\"a@b>", "")]
    [InlineData("<jörg@bücher.example>", "jörg@bücher.example", "jörg", "bücher.example")]
    public void An_address_is_taken_apart(string raw, string address, string localPart, string domain)
    {
        var told = Told.Address(raw);

        Assert.Equal(raw, told.Raw);
        Assert.Equal(address, told.Address);
        Assert.Equal(address, told.ToString());
        Assert.Equal(localPart, told.LocalPart);
        Assert.Equal(domain, told.Domain);
        Assert.Equal(address.Length == 0, told.IsNull);
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_carried_along()
    {
        EnvelopeAddress told = Told.Address("<a\udcff@b>");

        Assert.Equal("a\udcff", told.LocalPart);
        Assert.Equal("<a\udcff@b>", told.Raw);
        Assert.Equal(0xFF, told.RawBytes[2]);
    }

    [Fact]
    public void Arguments_are_found_without_case_and_kept_in_order()
    {
        EsmtpArguments arguments = Told.Address("<a@b>", "SIZE=100", "smtputf8", "ENVID=", "X=a=b", "SIZE=200").Arguments;

        Assert.Equal(5, arguments.Count);
        Assert.Equal("100", arguments["size"]);
        Assert.Equal("", arguments["SMTPUTF8"]);
        Assert.Equal("", arguments["ENVID"]);
        Assert.Equal("a=b", arguments["x"]);
        Assert.Null(arguments["SIZ"]);
        Assert.True(arguments.Contains("SmtpUtf8"));
        Assert.False(arguments.Contains("RET"));
        Assert.Equal(["SIZE", "smtputf8", "ENVID", "X", "SIZE"], arguments.Select(one => one.Key));
        Assert.Equal(["100", null, "", "a=b", "200"], arguments.Select(one => one.Value));
        Assert.Equal("SIZE=100 smtputf8 ENVID= X=a=b SIZE=200", arguments.ToString());
    }

    [Theory]
    [InlineData("rfc822;a+2Bb@c", "rfc822;a+b@c")]
    [InlineData("plain", "plain")]
    [InlineData("+41+42+c3+a4", "ABä")]
    [InlineData("+4", "+4")]
    [InlineData("+", "+")]
    [InlineData("+GG+41", "+GGA")]
    public void Xtext_is_decoded(string xtext, string expected) =>
        Assert.Equal(expected, Told.Address("<a@b>", "ORCPT=" + xtext).Arguments.Decoded("orcpt"));

    [Fact]
    public void Without_arguments_there_are_none()
    {
        EnvelopeAddress told = Told.Address("<a@b>");

        Assert.Equal(0, told.Arguments.Count);
        Assert.Empty(told.Arguments);
        Assert.Null(told.Arguments.Decoded("ORCPT"));
        Assert.False(told.IsSmtpUtf8);
        Assert.True(Told.Address("<a@b>", "SMTPUTF8").IsSmtpUtf8);
    }

    [Fact]
    public void A_missing_last_nul_is_tolerated()
    {
        var told = new EnvelopeAddress();
        told.Set("<a@b>\0SIZE=1"u8);
        Assert.Equal("1", told.Arguments["SIZE"]);

        told.Set("<c@d>"u8);
        Assert.Equal("c@d", told.Address);
        Assert.Equal(0, told.Arguments.Count);
    }

    [Fact]
    public void The_next_address_finds_nothing_of_the_one_before()
    {
        EnvelopeAddress told = Told.Address("<first@example.org>", "SIZE=1");
        Assert.Equal(("first", "example.org", "<first@example.org>"), (told.LocalPart, told.Domain, told.Raw));

        told.Set(Told.Payload("<>"));

        Assert.Equal(("", "", "<>", ""), (told.LocalPart, told.Domain, told.Raw, told.Address));
        Assert.Equal(0, told.Arguments.Count);
    }

    [Fact]
    public void After_its_time_it_throws()
    {
        EnvelopeAddress told = Told.Address("<a@b>", "SIZE=1");
        EsmtpArguments arguments = told.Arguments;
        Assert.Equal("a@b", told.Address);

        told.Clear();

        Assert.Contains("after its time", Assert.Throws<InvalidOperationException>(() => told.Address).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => told.LocalPart);
        Assert.Throws<InvalidOperationException>(() => arguments["SIZE"]);
        Assert.Equal("(ended)", told.ToString());
    }
}
