using Milter.Message;
using Milter.Output;
using Milter.Protocol;

namespace Milter;

/// <summary>
/// For experts: libmilter's actions as they are. Each call is one packet, in the order of the calls, with indexes and values as they are given. A parameter at EOM;
/// what the filter asks the MTA for stands in <see cref="NeedsAttribute"/> on it.
/// </summary>
/// <remarks>
/// Packets are collected and sent before the verdict; when the handler throws, nothing is sent but what <see cref="Progress"/> has sent already. What positions,
/// occurrences and order mean to which MTA is the caller's affair: docs/protocol.md#header-positions. With <c>SMFIP_HDR_LEADSPC</c> agreed
/// (<see cref="MilterAttribute.PreserveHeaderSpace"/>) header values start with their space. Strings are written as the bytes that they are (<see cref="WireText"/>), neither
/// encoded nor folded; a line end in a value is a line feed with white space after it. Every call throws <see cref="ArgumentException"/> for an empty name, address or reason, a
/// NUL, and what does not fit into a packet. An action that was not agreed throws under every <see cref="MissingCapability"/>, <see cref="MissingCapability.Degrade"/> included:
/// packets have an order, and the caller alone knows what remains of it without one. Ask <see cref="Offered"/> first.
/// </remarks>
public sealed partial class MessageActions
{
    private readonly PlanScope _scope;
    private readonly Packets _packets;
    private int _count;

    internal MessageActions(PlanScope scope, Packets packets)
    {
        _scope = scope;
        _packets = packets;
    }

    /// <summary>Gets the actions agreed with the MTA.</summary>
    /// <exception cref="InvalidOperationException">The message is over.</exception>
    public MilterActions Offered
    {
        get
        {
            _scope.ThrowIfLate();
            return _scope.Agreed;
        }
    }

    /// <summary>Adds a header field (<c>smfi_addheader</c>): at the end; Sendmail puts it before the first field of that name.</summary>
    /// <param name="name">The name, without the colon.</param>
    /// <param name="value">The value; may be empty.</param>
    /// <exception cref="ArgumentException">Name or value is not fit for a packet.</exception>
    /// <exception cref="InvalidOperationException">The message is over, or <c>SMFIF_ADDHDRS</c> was not agreed.</exception>
    public void AddHeader(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        _scope.Demand(MilterActions.AddHeaders);
        using SpacedValue spaced = Spaced(value);
        ReplyWriter.AddHeader(_packets.Writer, name, spaced.Bytes);
        Added();
    }

    /// <summary>Inserts a header field (<c>smfi_insheader</c>).</summary>
    /// <param name="index">0 is the very top, 1 below the MTA's own Received; a large number is the end. Others mean different places to different MTAs.</param>
    /// <param name="name">The name, without the colon.</param>
    /// <param name="value">The value; may be empty.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    /// <exception cref="ArgumentException">Name or value is not fit for a packet.</exception>
    /// <exception cref="InvalidOperationException">The message is over, or <c>SMFIF_ADDHDRS</c> was not agreed.</exception>
    public void InsertHeader(int index, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        _scope.Demand(MilterActions.AddHeaders);
        using SpacedValue spaced = Spaced(value);
        ReplyWriter.InsertHeader(_packets.Writer, (uint)index, name, spaced.Bytes);
        Added();
    }

    /// <summary>Changes a header field (<c>smfi_chgheader</c>). Where there is no such field, the MTA adds it.</summary>
    /// <param name="name">The name, without the colon, in any case.</param>
    /// <param name="occurrence">Which of that name, from 1. After a deletion Postfix counts anew, Sendmail does not.</param>
    /// <param name="value">The value; an empty one deletes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The occurrence is negative.</exception>
    /// <exception cref="ArgumentException">Name or value is not fit for a packet.</exception>
    /// <exception cref="InvalidOperationException">The message is over, or <c>SMFIF_CHGHDRS</c> was not agreed.</exception>
    public void ChangeHeader(ReadOnlySpan<byte> name, int occurrence, ReadOnlySpan<byte> value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(occurrence);
        _scope.Demand(MilterActions.ChangeHeaders);
        using SpacedValue spaced = value.IsEmpty ? default : Spaced(value);
        ReplyWriter.ChangeHeader(_packets.Writer, (uint)occurrence, name, spaced.Bytes);
        Added();
    }

    /// <summary>Deletes a header field (<c>smfi_chgheader</c> without a value). Where there is no such field, nothing happens.</summary>
    /// <inheritdoc cref="ChangeHeader(ReadOnlySpan{byte}, int, ReadOnlySpan{byte})" path="/exception"/>
    /// <param name="name">The name, without the colon, in any case.</param>
    /// <param name="occurrence">Which of that name, from 1. Delete several in descending order: Postfix counts anew after each, Sendmail does not.</param>
    public void DeleteHeader(ReadOnlySpan<byte> name, int occurrence) => ChangeHeader(name, occurrence, default);

    /// <summary>Adds a recipient (<c>smfi_addrcpt</c>).</summary>
    /// <param name="address">The address, with or without angle brackets.</param>
    /// <exception cref="ArgumentException">The address is not fit for a packet.</exception>
    /// <exception cref="InvalidOperationException">The message is over, or <c>SMFIF_ADDRCPT</c> was not agreed.</exception>
    public void AddRecipient(ReadOnlySpan<byte> address)
    {
        _scope.Demand(MilterActions.AddRecipients);
        ReplyWriter.AddRecipient(_packets.Writer, address);
        Added();
    }

    /// <summary>Adds a recipient with ESMTP arguments (<c>smfi_addrcpt_par</c>).</summary>
    /// <param name="address">The address, with or without angle brackets.</param>
    /// <param name="arguments">Arguments with spaces between them; empty for none.</param>
    /// <exception cref="ArgumentException">Address or arguments are not fit for a packet.</exception>
    /// <exception cref="InvalidOperationException">The message is over, or <c>SMFIF_ADDRCPT_PAR</c> was not agreed.</exception>
    public void AddRecipientWithArguments(ReadOnlySpan<byte> address, ReadOnlySpan<byte> arguments)
    {
        _scope.Demand(MilterActions.AddRecipientsWithArguments);
        ReplyWriter.AddRecipientWithArguments(_packets.Writer, address, arguments);
        Added();
    }

    /// <summary>Removes a recipient (<c>smfi_delrcpt</c>).</summary>
    /// <param name="address">The address as it was given to the MTA.</param>
    /// <exception cref="ArgumentException">The address is not fit for a packet.</exception>
    /// <exception cref="InvalidOperationException">The message is over, or <c>SMFIF_DELRCPT</c> was not agreed.</exception>
    public void DeleteRecipient(ReadOnlySpan<byte> address)
    {
        _scope.Demand(MilterActions.DeleteRecipients);
        ReplyWriter.DeleteRecipient(_packets.Writer, address);
        Added();
    }

    /// <summary>Changes the sender (<c>smfi_chgfrom</c>).</summary>
    /// <param name="address">The address, with or without angle brackets; <c>&lt;&gt;</c> for the null sender.</param>
    /// <param name="arguments">ESMTP arguments with spaces between them; empty for none.</param>
    /// <exception cref="ArgumentException">Address or arguments are not fit for a packet.</exception>
    /// <exception cref="InvalidOperationException">The message is over, or <c>SMFIF_CHGFROM</c> was not agreed.</exception>
    public void ChangeSender(ReadOnlySpan<byte> address, ReadOnlySpan<byte> arguments = default)
    {
        _scope.Demand(MilterActions.ChangeSender);
        ReplyWriter.ChangeSender(_packets.Writer, address, arguments);
        Added();
    }

    /// <summary>Replaces the body (<c>smfi_replacebody</c>); what later calls give is appended to it. Postfix wants no other action between such calls.</summary>
    /// <param name="body">Any number of bytes, lines ended by CR LF. Empty empties the body.</param>
    /// <exception cref="InvalidOperationException">The message is over, or <c>SMFIF_CHGBODY</c> was not agreed.</exception>
    public void ReplaceBody(ReadOnlySpan<byte> body)
    {
        _scope.Demand(MilterActions.ChangeBody);
        do
        {
            ReadOnlySpan<byte> chunk = body[..Math.Min(body.Length, MilterLimits.MaxPayload)];
            ReplyWriter.ReplaceBody(_packets.Writer, chunk);
            _packets.Written();
            body = body[chunk.Length..];
        }
        while (!body.IsEmpty);

        Added();
    }

    /// <summary>Holds the message (<c>smfi_quarantine</c>). Sent whatever the verdict.</summary>
    /// <param name="reason">Why. Sendmail keeps it with the message; Postfix does no more than log its first 100 bytes, and 3.7 not even that.</param>
    /// <exception cref="ArgumentException">The reason is empty or not fit for a packet.</exception>
    /// <exception cref="InvalidOperationException">The message is over, or <c>SMFIF_QUARANTINE</c> was not agreed.</exception>
    public void Quarantine(ReadOnlySpan<byte> reason)
    {
        _scope.Demand(MilterActions.Quarantine);
        ReplyWriter.Quarantine(_packets.Writer, reason);
        Added();
    }

    /// <summary>Sends what was collected so far and one progress notice (<c>smfi_progress</c>) at once.</summary>
    /// <remarks>What is sent can't be taken back, should the handler throw later.</remarks>
    /// <exception cref="InvalidOperationException">The message is over.</exception>
    public void Progress()
    {
        _scope.ThrowIfLate();
        ReplyWriter.Progress(_packets.Writer);
        _packets.Send(_scope.Sink);
    }

    /// <summary>Puts the packets into an outbox.</summary>
    internal void MoveTo(Outbox output) => _packets.MoveTo(output);

    internal int Count => _count;

    internal void Reset()
    {
        _count = 0;
        _packets.Clear();
    }

    internal void Release() => _packets.Dispose();

    // Where nobody is to notice that the space behind the colon is not the MTA's to write.
    private SpacedValue Spaced(ReadOnlySpan<byte> value) => new(value, _scope.Space == ColonSpace.Hidden ? ColonSpace.Hidden : ColonSpace.OfTheMta);

    private void Added()
    {
        _count++;
        _packets.Written();
    }
}
