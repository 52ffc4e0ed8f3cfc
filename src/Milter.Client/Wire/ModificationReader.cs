using Milter.Protocol;

namespace Milter.Client;

/// <summary>Reads the packets between EOM and its verdict.</summary>
internal static class ModificationReader
{
    public static MilterModification? Read(FilterPacket packet, bool keepsLeadingSpace, out string? error)
    {
        ReadOnlySpan<byte> payload = packet.Payload.Span;
        switch (packet.Reply)
        {
            case MilterReply.AddHeader or MilterReply.InsertHeader or MilterReply.ChangeHeader:
                return HeaderModification.TryRead(packet.Reply, payload, out HeaderModification header, out error) ? Header(header, keepsLeadingSpace) : null;
            case MilterReply.AddRecipient or MilterReply.AddRecipientWithArguments or MilterReply.DeleteRecipient or MilterReply.ChangeSender:
                return RecipientModification.TryRead(packet.Reply, payload, out RecipientModification path, out error) ? Path(path) : null;
            case MilterReply.ReplaceBody:
                error = null;
                return new BodyReplaced(packet.Payload);
            case MilterReply.Quarantine:
                bool isWhole = TextPayload.TryRead(payload, out ReadOnlySpan<byte> reason, out error);
                return isWhole ? new MessageQuarantined(WireText.GetString(reason)) : null;
            default:
                error = "it is neither a verdict nor a modification";
                return null;
        }
    }

    /// <summary>Says whether a packet is a modification.</summary>
    public static bool IsModification(MilterReply reply) => reply is MilterReply.AddHeader or MilterReply.InsertHeader or MilterReply.ChangeHeader
        or MilterReply.AddRecipient or MilterReply.AddRecipientWithArguments or MilterReply.DeleteRecipient or MilterReply.ChangeSender
        or MilterReply.ReplaceBody or MilterReply.Quarantine;

    /// <summary>Gets the actions of which one must have been negotiated.</summary>
    public static MilterActions Needed(MilterReply reply) => reply switch
    {
        MilterReply.AddHeader or MilterReply.InsertHeader => MilterActions.AddHeaders,
        MilterReply.ChangeHeader => MilterActions.ChangeHeaders,
        MilterReply.AddRecipient => MilterActions.AddRecipients,
        MilterReply.AddRecipientWithArguments => MilterActions.AddRecipientsWithArguments,
        MilterReply.DeleteRecipient => MilterActions.DeleteRecipients,
        MilterReply.ChangeSender => MilterActions.ChangeSender,
        MilterReply.ReplaceBody => MilterActions.ChangeBody,
        _ => MilterActions.Quarantine,
    };

    private static MilterModification Header(in HeaderModification header, bool keepsLeadingSpace)
    {
        string name = WireText.GetString(header.Name), value = WireText.GetString(header.Value);
        if (header.Reply == MilterReply.ChangeHeader && value.Length == 0)
        {
            return new HeaderRemoved(header.Index, name);
        }

        var field = MailHeader.Verbatim(name, keepsLeadingSpace ? value : " " + value);
        return header.Reply switch
        {
            MilterReply.AddHeader => new HeaderAdded(field),
            MilterReply.InsertHeader => new HeaderInserted(header.Index, field),
            _ => new HeaderChanged(header.Index, field),
        };
    }

    private static MilterModification Path(in RecipientModification read)
    {
        var path = new MailPath(WireText.GetString(read.Address), WireText.GetString(read.Arguments).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return read.Reply switch
        {
            MilterReply.DeleteRecipient => new RecipientRemoved(path),
            MilterReply.ChangeSender => new SenderChanged(path),
            _ => new RecipientAdded(path),
        };
    }
}
