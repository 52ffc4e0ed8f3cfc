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
                return new MilterModification { Action = packet.Reply, Body = packet.Payload };
            case MilterReply.Quarantine:
                bool isWhole = TextPayload.TryRead(payload, out ReadOnlySpan<byte> reason, out error);
                return isWhole ? new MilterModification { Action = packet.Reply, Reason = WireText.GetString(reason) } : null;
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
        string value = WireText.GetString(header.Value);
        bool deletes = header.Reply == MilterReply.ChangeHeader && value.Length == 0;
        return new MilterModification
        {
            Action = header.Reply,
            Index = header.Index,
            Deletes = deletes,
            Header = MailHeader.Verbatim(WireText.GetString(header.Name), keepsLeadingSpace || deletes ? value : " " + value),
        };
    }

    private static MilterModification Path(in RecipientModification path) => new()
    {
        Action = path.Reply,
        Path = new MailPath(WireText.GetString(path.Address), WireText.GetString(path.Arguments).Split(' ', StringSplitOptions.RemoveEmptyEntries)),
    };
}
