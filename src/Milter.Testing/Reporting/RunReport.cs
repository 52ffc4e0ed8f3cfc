using System.Text;
using Milter.Client;

namespace Milter.Testing;

/// <summary>A run in words, for people who read why a test has failed.</summary>
internal static class RunReport
{
    /// <summary>What both MTAs must have alike: the filter's decision and the message that comes out of it.</summary>
    public static string Comparable(MilterOutcome outcome)
    {
        var text = new StringBuilder();
        text.Append("verdict: ").Append(outcome.Verdict).Append(outcome.Reply is { } reply ? " " + reply : "").Append('\n');
        foreach (RefusedRecipient refused in outcome.RefusedRecipients)
        {
            StepReply step = outcome.Steps.First(step => step.Detail == refused.Path.ToString());
            text.Append("refused: ").Append(refused.Path).Append(' ').Append(step.Verdict).Append(step.Reply is { } words ? " " + words : "").Append('\n');
        }

        return text.Append(outcome.IsDelivered ? Message(outcome.Result) : "").ToString();
    }

    public static string Message(MailTransaction message)
    {
        var text = new StringBuilder();
        text.Append("sender: ").Append(message.Sender).Append('\n');
        foreach (MailPath recipient in message.Recipients)
        {
            text.Append("recipient: ").Append(recipient).Append('\n');
        }

        if (message.QuarantineReason is { } reason)
        {
            text.Append("quarantine: ").Append(reason).Append('\n');
        }

        return text.Append('\n').Append(message.Received is { } own ? own + "\n" : "").Append(message.Content).ToString();
    }

    /// <summary>What happened, step by step, and what became of the message.</summary>
    public static string Story(MilterTestRun run)
    {
        var text = new StringBuilder();
        text.Append("As ").Append(run.Mta).Append(": ").Append(run.Outcome).Append('\n');
        foreach (StepReply step in run.Outcome.Steps.Where(step => step.Treatment == StepTreatment.Replied))
        {
            text.Append("  ").Append(step).Append('\n');
        }

        foreach (MilterModification modification in run.Outcome.Modifications)
        {
            text.Append("  asked for: ").Append(modification).Append('\n');
        }

        foreach (TestLogEntry entry in run.Log.Where(entry => entry.Level >= Microsoft.Extensions.Logging.LogLevel.Warning))
        {
            text.Append("  logged: ").Append(entry).Append('\n');
        }

        if (run.Outcome.IsDelivered)
        {
            IReadOnlyList<string> changes = UnifiedDiff.Make(Message(run.Outcome.Original), Message(run.Outcome.Result));
            text.Append(changes.Count == 0 ? "The message passes as it came.\n" : "--- as it came\n+++ as it is delivered\n" + string.Join('\n', changes) + "\n");
        }

        return text.ToString();
    }
}
