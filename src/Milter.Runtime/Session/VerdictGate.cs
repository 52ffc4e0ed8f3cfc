using Milter.Protocol;

namespace Milter.Session;

/// <summary>The one place that knows which verdict may be sent where, and how it goes over the wire.</summary>
internal static class VerdictGate
{
    /// <summary>Replaces a verdict that is not legal at its stage by one that is.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="verdict">What a handler, an exception, an expiry or a limit decided.</param>
    /// <returns>The verdict itself, or what is sent instead.</returns>
    /// <remarks>
    /// ACCEPT or DISCARD in answer to UNKNOWN makes Postfix's smtpd panic. DISCARD at CONNECT or HELO switches the filter off on Sendmail,
    /// so a filter that wants everything dropped refuses for now instead, which loses nothing. SKIP outside BODY switches it off on Sendmail too.
    /// </remarks>
    public static Verdict Legal(MilterStages stage, Verdict verdict) => (stage, verdict.Kind) switch
    {
        (MilterStages.Unknown, VerdictKind.Accept or VerdictKind.Discard) => Verdict.Continue,
        (MilterStages.Connect or MilterStages.Helo, VerdictKind.Discard) => Verdict.TempFail(),
        (not MilterStages.Body, VerdictKind.Skip) => Verdict.Continue,
        _ => verdict,
    };

    /// <summary>Writes a verdict as the reply to one command.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="verdict">The verdict.</param>
    /// <param name="allowsUtf8">Whether the client has asked for internationalized mail, so that the MTA can say more than ASCII.</param>
    public static void Write(FrameBuffer output, Verdict verdict, bool allowsUtf8)
    {
        if (!verdict.Reply.IsEmpty)
        {
            ReplyWriter.ReplyCode(output, verdict.ReplyFor(allowsUtf8));
            return;
        }

        ReplyWriter.Write(output, verdict.Kind switch
        {
            VerdictKind.Continue => MilterReply.Continue,
            VerdictKind.Accept => MilterReply.Accept,
            VerdictKind.Reject => MilterReply.Reject,
            VerdictKind.TempFail => MilterReply.TempFail,
            VerdictKind.Discard => MilterReply.Discard,
            VerdictKind.Skip => MilterReply.Skip,
            _ => MilterReply.TempFail,
        });
    }

    /// <summary>Says how a message has ended that got this verdict.</summary>
    public static MessageOutcome Outcome(Verdict verdict) => verdict.Kind switch
    {
        VerdictKind.Continue or VerdictKind.Accept or VerdictKind.Skip => MessageOutcome.Passed,
        VerdictKind.Discard => MessageOutcome.Discarded,
        _ => MessageOutcome.Refused,
    };

    public static bool Refuses(Verdict verdict) => verdict.Kind is VerdictKind.Reject or VerdictKind.TempFail;
}
