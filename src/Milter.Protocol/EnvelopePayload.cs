namespace Milter.Protocol;

/// <summary>A sender or a recipient (<c>SMFIC_MAIL</c>, <c>SMFIC_RCPT</c>): an address and its ESMTP arguments, each ended by a NUL.</summary>
public readonly ref struct EnvelopePayload
{
    private EnvelopePayload(ReadOnlySpan<byte> address, NulStrings arguments)
    {
        Address = address;
        Arguments = arguments;
    }

    /// <summary>Gets the address as the client wrote it: <c>&lt;a@b&gt;</c>, or <c>a@b</c> from Postfix's cleanup; the null sender is <c>&lt;&gt;</c> or empty.</summary>
    public ReadOnlySpan<byte> Address { get; }

    /// <summary>Gets the ESMTP arguments, such as <c>SIZE=100</c>, in the order and form in which the client sent them.</summary>
    public NulStrings Arguments { get; }

    /// <summary>Reads a MAIL or a RCPT. A missing last NUL is tolerated: what is left is the last string.</summary>
    /// <param name="payload">The payload of a MAIL or RCPT frame.</param>
    /// <param name="value">What was read.</param>
    /// <param name="error">What is wrong, in words for a log; <see langword="null"/> when all is well.</param>
    /// <returns><see langword="false"/> when there is no payload.</returns>
    public static bool TryRead(ReadOnlySpan<byte> payload, out EnvelopePayload value, out string? error)
    {
        if (payload.IsEmpty)
        {
            value = default;
            error = "MAIL or RCPT has no address";
            return false;
        }

        ReadOnlySpan<byte> address = NulStrings.Take(ref payload);
        value = new EnvelopePayload(address, new NulStrings(payload));
        error = null;
        return true;
    }
}
