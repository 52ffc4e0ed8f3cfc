namespace Milter.Runtime.Tests.Message;

/// <summary>Protects what is read of ESMTP arguments (RFC 1870, 3461, 6152, 6531), well formed and not.</summary>
public sealed class TypedArgumentTests
{
    [Fact]
    public void Arguments_of_MAIL_are_read()
    {
        EsmtpArguments all = Told.Address("<a@b>", "size=1000", "Body=8bitmime", "SMTPUTF8", "RET=hdrs", "ENVID=a+2Bb").Arguments;

        Assert.Equal(1000, all.Size);
        Assert.Equal(EsmtpBody.EightBitMime, all.Body);
        Assert.True(all.IsSmtpUtf8);
        Assert.Equal(DsnReturn.Headers, all.Return);
        Assert.Equal("a+b", all.EnvelopeId);
    }

    [Fact]
    public void Arguments_of_RCPT_are_read()
    {
        EsmtpArguments all = Told.Address("<a@b>", "NOTIFY=success,DELAY", "ORCPT=rfc822;a+2Bb@c").Arguments;

        Assert.Equal(DsnNotify.Success | DsnNotify.Delay, all.Notify);
        Assert.Equal(new OriginalRecipient("rfc822", "a+b@c"), all.OriginalRecipient);
        Assert.Equal(DsnNotify.Never, Told.Address("<a@b>", "NOTIFY=Never").Arguments.Notify);
    }

    [Fact]
    public void What_is_not_said_is_nothing()
    {
        EsmtpArguments none = Told.Address("<a@b>").Arguments;

        Assert.Null(none.Size);
        Assert.Null(none.Body);
        Assert.False(none.IsSmtpUtf8);
        Assert.Null(none.Return);
        Assert.Null(none.EnvelopeId);
        Assert.Null(none.Notify);
        Assert.Null(none.OriginalRecipient);
    }

    [Theory]
    [InlineData("SIZE=-1")]
    [InlineData("SIZE=99999999999999999999")]
    [InlineData("SIZE")]
    [InlineData("BODY=X")]
    [InlineData("RET=")]
    [InlineData("NOTIFY")]
    [InlineData("NOTIFY=NEVER,SUCCESS")]
    [InlineData("NOTIFY=,")]
    [InlineData("ORCPT=x")]
    [InlineData("ORCPT=;x")]
    public void What_is_malformed_is_nothing_and_throws_nowhere(string argument)
    {
        EsmtpArguments all = Told.Address("<a@b>", argument).Arguments;

        Assert.Null(all.Size);
        Assert.Null(all.Body);
        Assert.Null(all.Return);
        Assert.True(all.Notify is null, all.Notify.ToString());
        Assert.Null(all.OriginalRecipient);
    }

    [Fact]
    public void An_address_says_whether_it_is_text()
    {
        Assert.True(Told.Address("<j\u00f6rg@example.org>").IsText);
        Assert.False(Told.Address("<a\udcff@example.org>").IsText);
    }
}
