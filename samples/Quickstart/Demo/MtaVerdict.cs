using Milter.Protocol;

namespace Quickstart.Demo;

/// <summary>A filter's verdict as the MTA takes it.</summary>
/// <param name="Text">Its name, or the reply in the filter's words.</param>
/// <param name="Fate">What becomes of the message.</param>
/// <param name="SmtpReply">What the SMTP client is told.</param>
/// <param name="EndsFilter">Whether the filter is asked no more about this message.</param>
internal sealed record MtaVerdict(string Text, Fate Fate, string SmtpReply, bool EndsFilter)
{
    public const string SkipText = "SKIP";

    /// <summary>Reads a verdict.</summary>
    /// <returns><see langword="null"/> when the packet is something else.</returns>
    /// <exception cref="ProtocolException">It is a reply text that an MTA does not understand.</exception>
    public static MtaVerdict? Read(FilterConnection.Packet packet) => packet.Reply switch
    {
        MilterReply.Continue => new MtaVerdict("CONTINUE", Fate.Delivered, Playback.Queued, EndsFilter: false),
        MilterReply.Skip => new MtaVerdict(SkipText, Fate.Delivered, Playback.Queued, EndsFilter: false),
        MilterReply.Accept => new MtaVerdict("ACCEPT", Fate.Delivered, Playback.Queued, EndsFilter: true),
        MilterReply.Discard => new MtaVerdict("DISCARD", Fate.Discarded, Playback.Queued, EndsFilter: true),
        MilterReply.Reject => new MtaVerdict("REJECT", Fate.Rejected, "550 5.7.1 Command rejected", EndsFilter: true),
        MilterReply.TempFail => new MtaVerdict("TEMPFAIL", Fate.Deferred, "451 4.7.1 Service unavailable - try again later", EndsFilter: true),
        MilterReply.ReplyCode => ReadReply(packet.Payload),
        _ => null,
    };

    private static MtaVerdict ReadReply(byte[] payload)
    {
        if (!ReplyCodePayload.TryRead(payload, out ReplyCodePayload reply, out string? error))
        {
            throw new ProtocolException(error!);
        }

        string text = string.Join('\n', reply.GetLines());
        return new MtaVerdict(text, reply.Code >= 500 ? Fate.Rejected : Fate.Deferred, text, EndsFilter: true);
    }
}
