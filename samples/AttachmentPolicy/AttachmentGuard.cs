using Microsoft.Extensions.Logging;
using Milter;
using Milter.Mime;

namespace Samples.AttachmentPolicy;

/// <summary>Replaces, holds or refuses attachments by extension, type and digest, also within archives and forwarded messages.</summary>
/// <remarks>Waits per message: 1.</remarks>
[Milter]
internal sealed partial class AttachmentGuard(AttachmentPolicyRules rules, KeptParts kept, ILogger<AttachmentGuard> log)
{
    private const string Field = "X-Attachment-Policy";

    [OnEom]
    private Verdict End(MailParts parts, HeaderEditor headers, Quarantine? quarantine, [Macro("i")] string? queueId)
    {
        AttachmentPolicyOptions options = rules.Options;
        parts.WhenTooLarge = options.DryRun ? Verdict.Continue : parts.WhenTooLarge;
        PolicyAnswer answer = PolicyAnswer.Pass;
        string? reason = null;
        if (parts.Ambiguities.FirstOrDefault(why => why.Kind == AmbiguityKind.EncryptedArchive) is { } encrypted)
        {
            (answer, reason) = (options.OnEncryptedArchive, encrypted.ToString());
        }

        if (parts.Ambiguities.FirstOrDefault(why => why.Kind != AmbiguityKind.EncryptedArchive) is { } doubt && options.OnAmbiguous >= answer)
        {
            (answer, reason) = (options.OnAmbiguous, doubt.ToString());
        }

        foreach (MailPart part in parts)
        {
            if (rules.Find(part) is not { } found)
            {
                continue;
            }

            PolicyAnswer one = options.DryRun || options.OnMatch != PolicyAnswer.Replace ? options.OnMatch : Replace(part, found, headers, queueId);
            (answer, reason) = one >= answer ? (one, found) : (answer, reason);
        }

        return reason is null ? Verdict.Continue : Answer(answer, MailPart.Printable(reason), headers, quarantine, queueId);
    }

    // What can't be kept is not taken away either: an exception of the folder's puts the message off.
    private PolicyAnswer Replace(MailPart part, string found, HeaderEditor headers, string? queueId)
    {
        EditOutcome outcome = part.ReplaceWithNotice(rules.Options.Notice.Replace("{name}", found, StringComparison.Ordinal) + "\r\n");
        if (outcome is EditOutcome.Signed or EditOutcome.Encrypted)
        {
            return rules.Options.OnProtected;
        }

        if (outcome == EditOutcome.Done)
        {
            string? file = kept.Keep(queueId, part);
            headers.Append(Field, "removed " + found);
            LogRemoved(log, queueId, part.Path, found, file ?? "nowhere");
        }

        return PolicyAnswer.Replace;
    }

    private Verdict Answer(PolicyAnswer answer, string reason, HeaderEditor headers, Quarantine? quarantine, string? queueId)
    {
        if (rules.Options.DryRun)
        {
            LogDryRun(log, queueId, answer, reason);
            return Verdict.Continue;
        }

        switch (answer)
        {
            case PolicyAnswer.Refuse:
                LogAnswer(log, queueId, "refused", reason);
                return Verdict.Reject(550, "5.7.1", "The message has an attachment that is not taken here");
            case PolicyAnswer.Hold when quarantine is not null:
                LogAnswer(log, queueId, "held", reason);
                quarantine.Hold("attachment: " + reason);
                return Verdict.Continue;
            case PolicyAnswer.Hold:
                // Where the MTA has no quarantine, nothing may slip through either.
                LogAnswer(log, queueId, "put off, since the MTA can't hold it", reason);
                return Verdict.TempFail(451, "4.7.1", "The message has to be held, which is not possible now");
            case PolicyAnswer.Pass:
                headers.Append(Field, "passed " + reason);
                return Verdict.Continue;
            default:
                return Verdict.Continue;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "{QueueId}: part {Path}, {Name}, was replaced by a notice and kept: {File}.")]
    private static partial void LogRemoved(ILogger log, string? queueId, string path, string name, string file);

    [LoggerMessage(2, LogLevel.Information, "{QueueId}: {Answer} because of {Reason}.")]
    private static partial void LogAnswer(ILogger log, string? queueId, string answer, string reason);

    [LoggerMessage(3, LogLevel.Information, "{QueueId}: dry run, the answer would be {Answer} because of {Reason}.")]
    private static partial void LogDryRun(ILogger log, string? queueId, PolicyAnswer answer, string reason);
}
