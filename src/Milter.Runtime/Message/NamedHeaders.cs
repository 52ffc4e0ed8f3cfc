namespace Milter.Message;

/// <summary>Values of the header fields that parameters take.</summary>
internal sealed class NamedHeaders
{
    public ReadOnlySpan<byte> Value(int slot) => default;

    public string? Text(int slot) => null;

    public string? Decoded(int slot) => null;
}
