namespace Milter.Protocol;

/// <content>The modifications, from bytes.</content>
public static partial class ReplyWriter
{
    /// <summary>Adds a header field (<c>SMFIR_ADDHEADER</c>, <c>smfi_addheader</c>): at the end, or at Sendmail before the first of its name.</summary>
    /// <param name="buffer">Where to write.</param>
    /// <param name="name">The name without colon; not empty.</param>
    /// <param name="value">The value, folds as a line feed and white space; may be empty. With <see cref="ProtocolSteps.HeaderLeadingSpace"/> it starts with its space.</param>
    /// <exception cref="ArgumentException">The name is empty, a text has a NUL, or both are too long together.</exception>
    public static void AddHeader(FrameBuffer buffer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        CheckHeader(name, value);
        Payload.WriteTexts(buffer, (byte)MilterReply.AddHeader, name, value);
    }

    /// <summary>Inserts a header field (<c>SMFIR_INSHEADER</c>, <c>smfi_insheader</c>).</summary>
    /// <param name="buffer">Where to write.</param>
    /// <param name="index">0 is the very top, 1 below the MTA's own Received; a large number is the end. Others mean different places to different MTAs. At most 2,147,483,647.</param>
    /// <param name="name">The name without colon; not empty.</param>
    /// <param name="value">The value; may be empty.</param>
    /// <exception cref="ArgumentException">The name is empty, a text has a NUL, or both are too long together.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The index is above 2,147,483,647; MTAs read it as signed.</exception>
    public static void InsertHeader(FrameBuffer buffer, uint index, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan<uint>(index, int.MaxValue);
        CheckHeader(name, value);
        Payload.WriteIndexed(buffer, (byte)MilterReply.InsertHeader, index, name, value);
    }

    /// <summary>Changes or deletes a header field (<c>SMFIR_CHGHEADER</c>, <c>smfi_chgheader</c>).</summary>
    /// <param name="buffer">Where to write.</param>
    /// <param name="index">Which of the fields of this name, from 1; 0 counts as 1. Delete several in descending order. At most 2,147,483,647.</param>
    /// <param name="name">The name without colon, in any case; not empty.</param>
    /// <param name="value">The new value; empty deletes the field.</param>
    /// <exception cref="ArgumentException">The name is empty, a text has a NUL, or both are too long together.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The index is above 2,147,483,647; MTAs read it as signed.</exception>
    public static void ChangeHeader(FrameBuffer buffer, uint index, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan<uint>(index, int.MaxValue);
        CheckHeader(name, value);
        Payload.WriteIndexed(buffer, (byte)MilterReply.ChangeHeader, index, name, value);
    }

    /// <summary>Adds a recipient (<c>SMFIR_ADDRCPT</c>, <c>smfi_addrcpt</c>).</summary>
    /// <param name="buffer">Where to write.</param>
    /// <param name="address">The address, with or without angle brackets; not empty.</param>
    /// <exception cref="ArgumentException">The address is empty, has a NUL or is too long.</exception>
    public static void AddRecipient(FrameBuffer buffer, ReadOnlySpan<byte> address)
    {
        Payload.CheckNotEmpty(address, "recipient", nameof(address));
        Payload.WriteText(buffer, (byte)MilterReply.AddRecipient, address);
    }

    /// <summary>Adds a recipient with ESMTP arguments (<c>SMFIR_ADDRCPT_PAR</c>, <c>smfi_addrcpt_par</c>).</summary>
    /// <param name="buffer">Where to write.</param>
    /// <param name="address">The address, with or without angle brackets; not empty.</param>
    /// <param name="arguments">Arguments with spaces between them, one string on the wire; empty for none.</param>
    /// <exception cref="ArgumentException">The address is empty, a text has a NUL, or both are too long together.</exception>
    public static void AddRecipientWithArguments(FrameBuffer buffer, ReadOnlySpan<byte> address, ReadOnlySpan<byte> arguments)
    {
        Payload.CheckNotEmpty(address, "recipient", nameof(address));
        Payload.CheckText(arguments, "ESMTP arguments", nameof(arguments));
        Payload.WriteOptional(buffer, (byte)MilterReply.AddRecipientWithArguments, address, arguments);
    }

    /// <summary>Removes a recipient (<c>SMFIR_DELRCPT</c>, <c>smfi_delrcpt</c>).</summary>
    /// <param name="buffer">Where to write.</param>
    /// <param name="address">The address as it was given to the MTA; not empty.</param>
    /// <exception cref="ArgumentException">The address is empty, has a NUL or is too long.</exception>
    public static void DeleteRecipient(FrameBuffer buffer, ReadOnlySpan<byte> address)
    {
        Payload.CheckNotEmpty(address, "recipient", nameof(address));
        Payload.WriteText(buffer, (byte)MilterReply.DeleteRecipient, address);
    }

    /// <summary>Changes the envelope sender (<c>SMFIR_CHGFROM</c>, <c>smfi_chgfrom</c>).</summary>
    /// <param name="buffer">Where to write.</param>
    /// <param name="address">The address, with or without angle brackets; not empty: <c>&lt;&gt;</c> is the null sender.</param>
    /// <param name="arguments">ESMTP arguments with spaces between them, one string on the wire; empty for none.</param>
    /// <exception cref="ArgumentException">The address is empty, a text has a NUL, or both are too long together.</exception>
    public static void ChangeSender(FrameBuffer buffer, ReadOnlySpan<byte> address, ReadOnlySpan<byte> arguments = default)
    {
        Payload.CheckNotEmpty(address, "sender", nameof(address));
        Payload.CheckText(arguments, "ESMTP arguments", nameof(arguments));
        Payload.WriteOptional(buffer, (byte)MilterReply.ChangeSender, address, arguments);
    }

    /// <summary>Writes the new body or a part of it (<c>SMFIR_REPLBODY</c>, <c>smfi_replacebody</c>).</summary>
    /// <remarks>All parts of one body are written one after another: Postfix takes no other modification between them.</remarks>
    /// <param name="buffer">Where to write.</param>
    /// <param name="body">Any number of bytes, lines ended by CR LF; split into as many frames as are needed. Empty makes one frame without payload, which empties the body.</param>
    /// <param name="maxPayload">The most payload bytes of one frame; at least 1, more than the default only as negotiated.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxPayload"/> is less than 1.</exception>
    public static void ReplaceBody(FrameBuffer buffer, ReadOnlySpan<byte> body, int maxPayload = MilterLimits.MaxPayload)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPayload, 1);
        if (body.Length > maxPayload)
        {
            // Room for all of it at once, so that it is not copied again each time the buffer grows.
            buffer.GetSpan(checked(body.Length + (((body.Length / maxPayload) + 1) * MilterLimits.FrameHeader)));
        }

        while (body.Length > maxPayload)
        {
            buffer.WriteFrame((byte)MilterReply.ReplaceBody, body[..maxPayload]);
            body = body[maxPayload..];
        }

        buffer.WriteFrame((byte)MilterReply.ReplaceBody, body);
    }

    /// <summary>Holds the message (<c>SMFIR_QUARANTINE</c>, <c>smfi_quarantine</c>); goes before the verdict.</summary>
    /// <param name="buffer">Where to write.</param>
    /// <param name="reason">Why; not empty. Postfix logs at most its first 100 bytes, and 3.7 nothing of it.</param>
    /// <exception cref="ArgumentException">The reason is empty, has a NUL or is too long.</exception>
    public static void Quarantine(FrameBuffer buffer, ReadOnlySpan<byte> reason)
    {
        Payload.CheckNotEmpty(reason, "quarantine reason", nameof(reason));
        Payload.WriteText(buffer, (byte)MilterReply.Quarantine, reason);
    }

    private static void CheckHeader(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Payload.CheckNotEmpty(name, "header name", nameof(name));
        Payload.CheckText(value, "header value", nameof(value));
    }
}
