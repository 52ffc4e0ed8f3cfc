namespace Milter.Protocol;

/// <summary>A payload of one string: HELO, UNKNOWN, and a filter's QUARANTINE.</summary>
public static class TextPayload
{
    /// <summary>Takes the text up to the first NUL, or to the end when there is none.</summary>
    /// <param name="payload">The payload; may be empty.</param>
    /// <returns>The text without its NUL, a slice of <paramref name="payload"/>.</returns>
    public static ReadOnlySpan<byte> Read(ReadOnlySpan<byte> payload) => NulStrings.Take(ref payload);

    /// <summary>Takes the text as <see cref="Read"/> does, and refuses a payload without a byte: libmilter closes on such a HELO.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="text">The text without its NUL; may be empty.</param>
    /// <param name="error">What is wrong, in words for a log; <see langword="null"/> when all is well.</param>
    /// <returns><see langword="false"/> when there is no payload.</returns>
    public static bool TryRead(ReadOnlySpan<byte> payload, out ReadOnlySpan<byte> text, out string? error)
    {
        error = payload.IsEmpty ? "a command that carries text has no payload" : null;
        text = Read(payload);
        return error is null;
    }
}
