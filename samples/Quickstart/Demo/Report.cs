using DiffPlex.Renderer;
using Milter.Client;
using Milter.Protocol;

namespace Quickstart.Demo;

/// <summary>Tells what became of a message so that people can follow it.</summary>
/// <param name="pen">What to write with.</param>
internal sealed class Report(Pen pen)
{
    private MilterAgreement? _told;

    public void Write(Letter letter, MilterOutcome outcome)
    {
        pen.Title("== " + letter.Title);
        WriteAgreement(outcome.Agreement);
        pen.Line();
        StepReply[] steps = [.. outcome.Steps.Where(step => step.Treatment != StepTreatment.Over)];
        WriteSteps(letter, steps);
        pen.Line();
        string waited = string.Join(", ", steps.Where(step => step.Treatment == StepTreatment.Replied).Select(step => WireNames.Of(step.Step)).Distinct());
        pen.Line($"  The MTA waited {Times(outcome.Waits)} ({waited}); for a filter that waives nothing it waits {Times(steps.Length)}.");
        WriteMessage(outcome);
    }

    private static string Times(int count) => count switch
    {
        1 => "once",
        2 => "twice",
        _ => $"{count} times",
    };

    private void WriteAgreement(MilterAgreement agreement)
    {
        if (agreement.Equals(_told))
        {
            pen.Row("negotiated", pen.Quiet("as before"));
            return;
        }

        _told = agreement;
        pen.Row("negotiated", $"version {agreement.Version}");
        pen.Row("  actions", Join(WireNames.Of(agreement.Actions)));
        pen.Row("  not sent", Join(WireNames.NotSent(agreement.Steps)));
        pen.Row("  no reply", Join(WireNames.NoReply(agreement.Steps)));
        pen.Row("  waits at", Join(agreement.WaitedFor.Select(WireNames.Of)));
        if (WireNames.Extras(agreement.Steps).Any())
        {
            pen.Row("  besides", Join(WireNames.Extras(agreement.Steps)));
        }

        foreach ((MacroStage stage, string names) in agreement.Macros)
        {
            pen.Row("  macros", $"{WireNames.Of(stage)}: {names}");
        }
    }

    private static string Join(IEnumerable<string> names) => string.Join(' ', names) is { Length: > 0 } text ? text : "none";

    /// <summary>Steps that are alike share a line.</summary>
    private void WriteSteps(Letter letter, ReadOnlySpan<StepReply> steps)
    {
        while (!steps.IsEmpty)
        {
            StepReply step = steps[0];
            int count = 1;
            while (count < steps.Length && IsAlike(step, steps[count]))
            {
                count++;
            }

            string name = WireNames.Of(step.Step) + (count == 1 ? "" : $" x{count}");
            pen.Row(name, $"{(count == 1 ? Detail(letter, step) : ""),-40} {Treatment(step)}");
            steps = steps[count..];
        }
    }

    private static bool IsAlike(StepReply one, StepReply other) =>
        one.Step == other.Step && one.Treatment == other.Treatment && one.Verdict == other.Verdict && one.Reply == other.Reply;

    /// <summary>What was sent is shown; what was not sent is not.</summary>
    private static string Detail(Letter letter, StepReply step) => (step.Treatment, step.Step) switch
    {
        (StepTreatment.NotWanted, _) => "",
        (_, MilterCommand.Connect) => $"{step.Detail} [{letter.Session.Client.Address}]",
        _ => step.Detail,
    };

    private string Treatment(StepReply step)
    {
        switch (step.Treatment)
        {
            case StepTreatment.NotWanted:
                return pen.Quiet("not sent");
            case StepTreatment.NoReply:
                return pen.Quiet("no reply needed");
            default:
                string verdict = step.Reply?.ToString() ?? WireNames.Of(step.Verdict);
                int changes = step.Modifications.Count;
                return (step.IsRefusal ? pen.Bad(verdict) : pen.Good(verdict)) + (changes == 0 ? "" : $", {changes} change{(changes == 1 ? "" : "s")}");
        }
    }

    private void WriteMessage(MilterOutcome outcome)
    {
        pen.Line($"  The client is told: {outcome.SmtpReply}");
        if (!outcome.IsDelivered)
        {
            pen.Line($"  The subject reads: {Letter.SubjectOf(outcome.Original)}");
            pen.Line("  Nothing is delivered.");
            return;
        }

        if (outcome.QuarantineReason is { } reason)
        {
            pen.Line($"  The message is held: {reason}");
        }

        string before = Text(outcome.Original), after = Text(outcome.Result);
        if (before == after)
        {
            pen.Line("  The message passes as it is.");
            return;
        }

        pen.Line();
        foreach (string line in UnidiffRenderer.GenerateUnidiff(before, after, "as it came", "as it is delivered").ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
        {
            pen.Difference(line);
        }
    }

    /// <summary>Writes a message out for a comparison: the envelope, the header and the body, line by line.</summary>
    private static string Text(MailTransaction message) => string.Join('\n', (string[])
    [
        $"MAIL FROM:{message.Sender}",
        .. message.Recipients.Select(recipient => $"RCPT TO:{recipient}"),
        .. message.Received is { } received ? [received.ToString()] : (string[])[],
        message.Content.ToString().TrimEnd('\n'),
    ]);
}
