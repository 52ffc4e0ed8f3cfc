namespace Milter.Protocol;

/// <summary>A filter's change of the envelope, as an MTA reads it (<c>SMFIR_ADDRCPT</c>, <c>SMFIR_ADDRCPT_PAR</c>, <c>SMFIR_DELRCPT</c>, <c>SMFIR_CHGFROM</c>).</summary>
public readonly ref struct RecipientModification
{
    private RecipientModification(MilterReply reply, ReadOnlySpan<byte> address, ReadOnlySpan<byte> arguments)
    {
        Reply = reply;
        Address = address;
        Arguments = arguments;
    }

    /// <summary>Gets what is to be done: add or delete a recipient, or change the sender.</summary>
    public MilterReply Reply { get; }

    /// <summary>Gets the address, with or without angle brackets; empty only as a new null sender.</summary>
    public ReadOnlySpan<byte> Address { get; }

    /// <summary>Gets the ESMTP arguments, one text with spaces between them; empty when there are none.</summary>
    public ReadOnlySpan<byte> Arguments { get; }

    /// <summary>Reads an envelope modification.</summary>
    /// <param name="reply">The frame's code: <see cref="MilterReply.AddRecipient"/>, <see cref="MilterReply.AddRecipientWithArguments"/>, <see cref="MilterReply.DeleteRecipient"/> or <see cref="MilterReply.ChangeSender"/>.</param>
    /// <param name="payload">The frame's payload.</param>
    /// <param name="value">What was read.</param>
    /// <param name="error">What is wrong, in words for a log; <see langword="null"/> when all is well.</param>
    /// <returns><see langword="false"/> when a NUL is missing, a recipient is empty, there are more strings than the code allows, or the code is another.</returns>
    public static bool TryRead(MilterReply reply, ReadOnlySpan<byte> payload, out RecipientModification value, out string? error)
    {
        value = default;
        if (reply is not (MilterReply.AddRecipient or MilterReply.AddRecipientWithArguments or MilterReply.DeleteRecipient or MilterReply.ChangeSender))
        {
            error = "not an envelope modification";
            return false;
        }

        if (payload.IsEmpty || payload[^1] != 0)
        {
            error = "an envelope modification has no NUL at its end";
            return false;
        }

        ReadOnlySpan<byte> address = NulStrings.Take(ref payload);
        if (address.IsEmpty && reply != MilterReply.ChangeSender)
        {
            error = "an envelope modification has an empty recipient";
            return false;
        }

        bool takesArguments = reply is MilterReply.AddRecipientWithArguments or MilterReply.ChangeSender;
        ReadOnlySpan<byte> arguments = takesArguments ? NulStrings.Take(ref payload) : default;
        if (!payload.IsEmpty)
        {
            error = "an envelope modification has more strings than it may have";
            return false;
        }

        value = new RecipientModification(reply, address, arguments);
        error = null;
        return true;
    }
}
