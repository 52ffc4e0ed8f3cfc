using System.Runtime.CompilerServices;

namespace Milter.Protocol;

/// <summary>One header field (<c>SMFIC_HEADER</c>): name NUL value NUL.</summary>
public readonly ref struct HeaderPayload
{
    private HeaderPayload(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Name = name;
        Value = value;
    }

    /// <summary>Gets the field's name, without the colon and as the client spelled it; never empty.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>Gets the field's value: folds are a line feed and white space; the space after the colon is there only with <see cref="ProtocolSteps.HeaderLeadingSpace"/>.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>Reads a HEADER.</summary>
    /// <remarks>A value with a NUL inside is cut there, as libmilter does; a value without its NUL is tolerated.</remarks>
    /// <param name="payload">The payload of a HEADER frame.</param>
    /// <param name="value">What was read.</param>
    /// <param name="error">What is wrong, in words for a log; <see langword="null"/> when all is well.</param>
    /// <returns><see langword="false"/> when the name is empty or has no NUL after it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> payload, out HeaderPayload value, out string? error)
    {
        value = default;
        int nul = NulStrings.IndexOfNul(payload);
        if (nul <= 0)
        {
            error = nul < 0 ? "HEADER has no NUL after the name" : "HEADER has an empty name";
            return false;
        }

        ReadOnlySpan<byte> rest = payload[(nul + 1)..];
        int end = NulStrings.IndexOfNul(rest);
        value = new HeaderPayload(payload[..nul], end < 0 ? rest : rest[..end]);
        error = null;
        return true;
    }
}
