using System.Buffers.Binary;

namespace Milter.Protocol;

/// <summary>Writes what a filter sends: the negotiation's answer, verdicts, and modifications, each as one whole frame.</summary>
/// <remarks>
/// Order and negotiation are the caller's business: modifications go between end of message and its verdict only. When a
/// method throws, the buffer is as it was. Overloads with <see cref="string"/> write by <see cref="WireText"/>.
/// </remarks>
public static partial class ReplyWriter
{
    /// <summary>Writes the answer to the offer (<c>SMFIC_OPTNEG</c>).</summary>
    /// <param name="buffer">Where to write.</param>
    /// <param name="version">The version agreed on: the lower of the offered one and <see cref="MilterLimits.Version"/>.</param>
    /// <param name="actions">The actions wanted, of those offered.</param>
    /// <param name="steps">The steps to leave out and what else is wanted, of what was offered.</param>
    /// <param name="lists">Macros asked for (<c>smfi_setsymlist</c>), in any order; written in ascending stage number. For Sendmail give <see cref="MacroStage.EndOfMessage"/> and <see cref="MacroStage.EndOfHeaders"/> both or neither.</param>
    /// <exception cref="ArgumentException">A stage is none of the seven or comes twice, names are <see langword="null"/> or have a NUL, or all are too long together.</exception>
    public static void OptNeg(FrameBuffer buffer, uint version, MilterActions actions, ProtocolSteps steps, ReadOnlySpan<SymbolList> lists = default)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        long size = 3 * sizeof(uint);
        uint seen = 0;
        foreach (SymbolList list in lists)
        {
            if (list.Stage is < MacroStage.Connect or > MacroStage.EndOfHeaders)
            {
                throw new ArgumentException($"A symbol list is for stage {(int)list.Stage}; there are 0 to 6. Use the members of MacroStage.", nameof(lists));
            }

            uint bit = 1u << (int)list.Stage;
            if ((seen & bit) != 0)
            {
                throw new ArgumentException($"There are two symbol lists for stage {list.Stage}. Join their names into one.", nameof(lists));
            }

            seen |= bit;
            size += sizeof(uint) + Payload.CountText(list.Names, "symbol list", nameof(lists));
        }

        Span<byte> payload = buffer.AddFrame((byte)MilterReply.OptNeg, Payload.Size(size));
        BinaryPrimitives.WriteUInt32BigEndian(payload, version);
        BinaryPrimitives.WriteUInt32BigEndian(payload[4..], (uint)actions);
        BinaryPrimitives.WriteUInt32BigEndian(payload[8..], (uint)steps);
        payload = payload[12..];
        for (MacroStage stage = MacroStage.Connect; stage <= MacroStage.EndOfHeaders; stage++)
        {
            foreach (SymbolList list in lists)
            {
                if (list.Stage == stage)
                {
                    BinaryPrimitives.WriteUInt32BigEndian(payload, (uint)stage);
                    payload = Payload.PutText(payload[sizeof(uint)..], list.Names);
                }
            }
        }
    }

    /// <summary>Writes a reply without payload: CONTINUE, ACCEPT, DISCARD, REJECT, TEMPFAIL, SKIP or PROGRESS.</summary>
    /// <param name="buffer">Where to write.</param>
    /// <param name="reply">One of those seven.</param>
    /// <exception cref="ArgumentException">The reply needs a payload, or is none that may be sent.</exception>
    public static void Write(FrameBuffer buffer, MilterReply reply)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        switch (reply)
        {
            case MilterReply.Continue or MilterReply.Accept or MilterReply.Discard or MilterReply.Reject
                or MilterReply.TempFail or MilterReply.Skip or MilterReply.Progress:
                buffer.WriteFrame((byte)reply);
                break;
            default:
                throw new ArgumentException($"{reply} is not a reply without payload. Use the method of its name.", nameof(reply));
        }
    }

    /// <summary>Writes "still working" (<c>SMFIR_PROGRESS</c>, <c>smfi_progress</c>): restarts the MTA's timer. At end of message only.</summary>
    /// <param name="buffer">Where to write.</param>
    public static void Progress(FrameBuffer buffer) => Payload.WriteEmpty(buffer, (byte)MilterReply.Progress);

    /// <summary>Writes a verdict in the filter's words (<c>SMFIR_REPLYCODE</c>).</summary>
    /// <param name="buffer">Where to write.</param>
    /// <param name="encodedText">The payload as made by <see cref="ReplyText.Encode"/>, its NUL included.</param>
    /// <exception cref="ArgumentException">There is not one NUL, at the end, or the text is too long. Codes and lines are not checked again.</exception>
    public static void ReplyCode(FrameBuffer buffer, ReadOnlySpan<byte> encodedText)
    {
        if (encodedText.IsEmpty || encodedText.IndexOf((byte)0) != encodedText.Length - 1)
        {
            throw new ArgumentException("A reply text ends with its only NUL. Make it with ReplyText.Encode.", nameof(encodedText));
        }

        Payload.Size(encodedText.Length);
        Payload.WriteBytes(buffer, (byte)MilterReply.ReplyCode, encodedText);
    }
}
