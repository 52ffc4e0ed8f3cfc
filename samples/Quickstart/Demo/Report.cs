namespace Quickstart.Demo;

/// <summary>Tells a session so that people can follow it.</summary>
/// <param name="pen">What to write with.</param>
internal sealed class Report(Pen pen)
{
    private Agreement? _told;

    public void Write(Playback played)
    {
        pen.Title("== " + played.Letter.Title);
        WriteAgreement(played.Agreement);
        pen.Line();
        foreach (PlayedStep step in played.Steps)
        {
            WriteStep(step, played.Changes);
        }

        pen.Line();
        string waited = string.Join(", ", played.Steps.Where(step => step.Treatment == StepTreatment.Replied).Select(step => step.Name));
        pen.Line($"  The MTA waited {Times(played.Waits)} ({waited}); for a filter that waives nothing it waits {Times(played.StepCount)}.");
        WriteMessage(played);
    }

    private static string Times(int count) => count switch
    {
        1 => "once",
        2 => "twice",
        _ => $"{count} times",
    };

    private void WriteAgreement(Agreement agreement)
    {
        if (_told is not null && agreement.IsLike(_told))
        {
            pen.Row("negotiated", pen.Quiet("as before"));
            return;
        }

        _told = agreement;
        pen.Row("negotiated", $"version {agreement.Version}");
        pen.Row("  actions", Join(agreement.ActionNames));
        pen.Row("  not sent", Join(agreement.NotSent));
        pen.Row("  no reply", Join(agreement.Silent));
        pen.Row("  waits at", Join(agreement.Waits));
        if (agreement.Extras.Any())
        {
            pen.Row("  besides", Join(agreement.Extras));
        }

        foreach ((Milter.Protocol.MacroStage stage, string names) in agreement.Macros)
        {
            pen.Row("  macros", $"{Name(stage)}: {names}");
        }
    }

    private static string Join(IEnumerable<string> names) => string.Join(' ', names) is { Length: > 0 } text ? text : "none";

    private static string Name(Milter.Protocol.MacroStage stage) => stage switch
    {
        Milter.Protocol.MacroStage.EndOfMessage => "EOM",
        Milter.Protocol.MacroStage.EndOfHeaders => "EOH",
        _ => stage.ToString().ToUpperInvariant(),
    };

    private void WriteStep(PlayedStep step, int changes)
    {
        string name = step.Count == 1 ? step.Name : $"{step.Name} x{step.Count}";
        string treatment = step.Treatment switch
        {
            StepTreatment.NotSent => pen.Quiet("not sent"),
            StepTreatment.NoReply => pen.Quiet("no reply needed"),
            _ => step.Verdict![0] is '4' or '5' or 'R' or 'T' ? pen.Bad(step.Verdict) : pen.Good(step.Verdict),
        };
        treatment += step.Name == MtaStep.EndOfMessage.Name && changes > 0 ? $", {changes} change{(changes == 1 ? "" : "s")}" : "";
        pen.Row(name, $"{Shown(step),-40} {treatment}");
    }

    /// <summary>What was sent is shown; what was not sent is not.</summary>
    private static string Shown(PlayedStep step) => step.Treatment == StepTreatment.NotSent ? "" : step.Detail;

    private void WriteMessage(Playback played)
    {
        pen.Line($"  The client is told: {played.SmtpReply}");
        if (played.Fate != Fate.Delivered)
        {
            pen.Line($"  The subject reads: {played.Letter.Message.Decoded("Subject")}");
            pen.Line("  Nothing is delivered.");
            return;
        }

        if (played.After.HoldReason is { } reason)
        {
            pen.Line($"  The message is held: {reason}");
        }

        IReadOnlyList<string> difference = UnifiedDiff.Make(played.Letter.Message.ToLines(), played.After.ToLines());
        if (difference.Count == 0)
        {
            pen.Line("  The message passes as it is.");
            return;
        }

        pen.Line();
        pen.Difference("--- as it came");
        pen.Difference("+++ as it is delivered");
        foreach (string line in difference)
        {
            pen.Difference(line);
        }
    }
}
