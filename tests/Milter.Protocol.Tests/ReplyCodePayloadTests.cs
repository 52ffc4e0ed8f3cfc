namespace Milter.Protocol.Tests;

/// <summary>Protects an MTA from reply texts that would garble its dialogue with the client.</summary>
public sealed class ReplyCodePayloadTests
{
    [Theory]
    [InlineData("550 5.7.1 x", "no NUL")]
    [InlineData("\0", "does not begin")]
    [InlineData("550\0", "does not begin")]
    [InlineData("250 ok\0", "does not begin")]
    [InlineData("5x0 ok\0", "does not begin")]
    [InlineData("550_x\0", "'-' after the code")]
    [InlineData("550-x\0", "'-' after the code")]
    [InlineData("550 x\r\n550 y\0", "'-' after the code")]
    [InlineData("550-x\r\n550-y\0", "'-' after the code")]
    [InlineData("551-x\r\n552 y\0", "code of the first")]
    [InlineData("550-x\r\n\0", "code of the first")]
    [InlineData("550-x\r\ny\0", "code of the first")]
    [InlineData("550-x\n550 y\0", "'-' after the code")]
    [InlineData("550 x\n550 y\0", "not a pair")]
    [InlineData("550 x\ry\0", "not a pair")]
    [InlineData("550 4.7.1 x\0", "another class")]
    [InlineData("550 2.0.0 x\0", "another class")]
    [InlineData("550-5.7.1 x\r\n550 4.7.1 y\0", "another class")]
    public void Malformed_text_is_refused(string text, string complaint)
    {
        Assert.False(ReplyCodePayload.TryRead(WireText.GetBytes(text), out _, out string? error));
        Assert.Contains(complaint, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("550 5.7.1 x\0", 550, "5.7.1", "x")]
    [InlineData("550 5.7.1\0", 550, "5.7.1", "")]
    [InlineData("421 \0", 421, "", "")]
    [InlineData("421 5.7 x\0", 421, "", "5.7 x")]
    [InlineData("451 50% of %s, 100%%\0rest", 451, "", "50 of s, 100%")]
    [InlineData("451 %%%d%%%%\0", 451, "", "%d%%")]
    public void Text_is_read_as_the_client_sees_it(string text, int code, string enhanced, string expected)
    {
        Assert.True(ReplyCodePayload.TryRead(WireText.GetBytes(text), out ReplyCodePayload value, out _));
        Assert.Equal(code, value.Code);
        Assert.Equal(enhanced, WireText.GetString(value.EnhancedCode));
        Assert.Equal([expected], value.GetTexts());
    }
}
