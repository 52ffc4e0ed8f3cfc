namespace Milter.Protocol.Tests;

/// <summary>Protects an MTA from modifications that are not exactly what their code says.</summary>
public sealed class ModificationTests
{
    [Theory]
    [InlineData('h', "", "NUL after the name")]
    [InlineData('h', "X", "NUL after the name")]
    [InlineData('h', "\0v\0", "empty name")]
    [InlineData('h', "X\0", "NUL after the value")]
    [InlineData('h', "X\0v", "NUL after the value")]
    [InlineData('h', "X\0v\0w\0", "bytes after its value")]
    [InlineData('i', "\0\0\0", "shorter than its index")]
    [InlineData('m', "", "shorter than its index")]
    [InlineData('m', "\0\0\0\u0001", "NUL after the name")]
    [InlineData('q', "X\0v\0", "not a header modification")]
    public void Malformed_header_changes_are_refused(char code, string payload, string complaint)
    {
        Assert.False(HeaderModification.TryRead((MilterReply)code, WireText.GetBytes(payload), out _, out string? error));
        Assert.Contains(complaint, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('+', "", "no NUL")]
    [InlineData('+', "a@b", "no NUL")]
    [InlineData('+', "\0", "empty recipient")]
    [InlineData('2', "\0A\0", "empty recipient")]
    [InlineData('-', "\0", "empty recipient")]
    [InlineData('+', "a@b\0A\0", "more strings")]
    [InlineData('-', "a@b\0A\0", "more strings")]
    [InlineData('2', "a@b\0A\0B\0", "more strings")]
    [InlineData('e', "a@b\0A\0B\0", "more strings")]
    [InlineData('h', "a@b\0", "not an envelope modification")]
    public void Malformed_envelope_changes_are_refused(char code, string payload, string complaint)
    {
        Assert.False(RecipientModification.TryRead((MilterReply)code, WireText.GetBytes(payload), out _, out string? error));
        Assert.Contains(complaint, error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_sender_is_the_null_sender()
    {
        Assert.True(RecipientModification.TryRead(MilterReply.ChangeSender, "\0"u8, out RecipientModification value, out _));
        Assert.Equal(MilterReply.ChangeSender, value.Reply);
        Assert.True(value.Address.IsEmpty);
        Assert.True(value.Arguments.IsEmpty);
    }
}
