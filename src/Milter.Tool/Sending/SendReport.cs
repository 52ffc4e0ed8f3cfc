using Milter.Client;
using Milter.Protocol;
using Milter.Testing;
using Spectre.Console;

namespace Milter.Tool;

/// <summary>Tells what a filter made of a message, for people.</summary>
internal sealed class SendReport(Terminal terminal)
{
    public void Write(PlayedMessage played)
    {
        MilterOutcome outcome = played.Outcome;
        string recipients = string.Join(", ", played.Message.Recipients);
        var tree = new Tree($"{Shown.Title(played.Name)} {Shown.Text($"{played.Message.Sender} to {recipients}, as {played.Mta.Name}")}");
        AddAgreement(tree, played);
        AddSteps(tree, played);
        terminal.Draw(tree);

        string[] waits = [.. outcome.Steps.Where(step => step.Treatment == StepTreatment.Replied).GroupBy(step => step.Step).Select(group => WireNames.Of(group.Key) + (group.Count() > 1 ? $" ×{group.Count()}" : ""))];
        terminal.Line($"The MTA waited {Counted.Times(outcome.Waits)}{(waits.Length > 0 ? $" ({string.Join(", ", waits)})" : "")}: {Shown.Time(played.Waited)}.");
        foreach (RefusedRecipient refused in outcome.RefusedRecipients)
        {
            terminal.Marked($"{Shown.Bad("Refused")} {Shown.Text($"{refused.Path}: {refused.Reply}")}");
        }

        foreach (string complaint in outcome.Complaints)
        {
            terminal.Marked($"{Shown.Warn("Complaint:")} {Shown.Text(complaint)}");
        }

        terminal.Marked($"The client is told: {Coloured(outcome.Verdict, outcome.SmtpReply.ToString())}");
        WriteDifference(played);
    }

    /// <summary>A line for a message, where there are many.</summary>
    public void WriteBrief(PlayedMessage played)
    {
        MilterOutcome outcome = played.Outcome;
        string edits = outcome.Modifications.Count > 0 ? $", {Counted.Of(outcome.Modifications.Count, "change")}" : "";
        terminal.Marked($"{Coloured(outcome.Verdict, WireNames.Of(outcome.Verdict).PadRight(8))} {Shown.Text($"{WireNames.Of(outcome.DecidedAt),-7} {Shown.Time(played.Waited),8}  {played.Name}: {outcome.SmtpReply}{edits}")}");
    }

    private static void AddAgreement(Tree tree, PlayedMessage played)
    {
        MilterAgreement agreement = played.Agreement;
        TreeNode node = tree.AddNode($"{Shown.Name("negotiated")} {Shown.Text($"version {agreement.Version}")} {Shown.Quiet($"({Shown.Time(played.Negotiated)})")}");
        Row("actions", WireNames.Of(agreement.Actions));
        Row("not sent", WireNames.NotSent(agreement.Steps));
        string[] unknown = [.. StepTable.Waivable.Where(row => agreement.Version < row.MinVersion).Select(row => row.Name)];
        if (unknown.Length > 0)
        {
            Row("unknown", [$"{string.Join(", ", unknown)}: version {agreement.Version} does not have it"]);
        }

        Row("no reply", WireNames.NoReply(agreement.Steps));
        if (WireNames.Extras(agreement.Steps).Any())
        {
            Row("besides", WireNames.Extras(agreement.Steps));
        }

        foreach ((MacroStage stage, string names) in agreement.Macros)
        {
            Row("macros", [$"{WireNames.Of(stage)}: {names}"]);
        }

        void Row(string name, IEnumerable<string> values) => node.AddNode($"{Shown.Quiet(name.PadRight(8))} {Shown.Text(Shown.List(values))}");
    }

    private static void AddSteps(Tree tree, PlayedMessage played)
    {
        (StepReply Step, TimeSpan? Time)[] all = [.. played.Outcome.Steps.Zip(played.Times)];
        for (int i = 0; i < all.Length;)
        {
            StepReply step = all[i].Step;
            int count = all.Skip(i).TakeWhile(other => IsAlike(step, other.Step)).Count();
            TimeSpan? time = all[i].Time is null ? null : all.Skip(i).Take(count).Aggregate(TimeSpan.Zero, (sum, one) => sum + one.Time!.Value);
            if (step.Treatment != StepTreatment.NotWanted)
            {
                string name = WireNames.Of(step.Step) + (count > 1 ? $" ×{count}" : "");
                string detail = step.Treatment == StepTreatment.Over ? "" : count > 1 && step.Step == MilterCommand.Header ? "" : step.Detail;
                TreeNode node = tree.AddNode($"{Shown.Name(name.PadRight(11))} {Shown.Text(detail.PadRight(36))} {Treatment(step)} {Shown.Quiet(time is { } some ? Shown.Time(some) : "")}".TrimEnd());
                foreach (MilterModification modification in step.Modifications)
                {
                    node.AddNode(Shown.Text(modification.ToString()));
                }
            }

            i += count;
        }
    }

    // Alike are steps that nothing was said about; a verdict is shown with what it was about.
    private static bool IsAlike(StepReply one, StepReply other) =>
        one.Step == other.Step && one.Treatment == other.Treatment && one.Verdict == other.Verdict && one.Reply == other.Reply
        && (ReferenceEquals(one, other) || (one.Verdict == MilterVerdict.Continue && one.Step is MilterCommand.Header or MilterCommand.Body or MilterCommand.Rcpt && one.Modifications.Count == 0));

    private static string Treatment(StepReply step)
    {
        string progress = step.ProgressNotices > 0 ? $" after {Counted.Of(step.ProgressNotices, "notice")} of progress" : "";
        return step.Treatment switch
        {
            StepTreatment.NoReply => Shown.Quiet("no reply"),
            StepTreatment.Over => Shown.Quiet("not asked"),
            _ => Coloured(step.Verdict, WireNames.Of(step.Verdict)) + Shown.Text((step.Reply is { } words ? " " + words : "") + progress),
        };
    }

    private static string Coloured(MilterVerdict verdict, string text) => verdict switch
    {
        MilterVerdict.Reject or MilterVerdict.TempFail => Shown.Bad(text),
        MilterVerdict.Discard => Shown.Warn(text),
        _ => Shown.Good(text),
    };

    private void WriteDifference(PlayedMessage played)
    {
        MilterOutcome outcome = played.Outcome;
        if (!outcome.IsDelivered)
        {
            if (outcome.Modifications.Count > 0)
            {
                terminal.Line($"The {Counted.Of(outcome.Modifications.Count, "change")} that came before it {(outcome.Modifications.Count == 1 ? "is" : "are")} void.");
            }

            terminal.Line(outcome.Verdict == MilterVerdict.Discard ? "The message is dropped." : "Nothing is delivered.");
            return;
        }

        IReadOnlyList<string> difference = Difference(outcome);
        if (difference.Count == 0)
        {
            terminal.Line("The message passes as it came.");
            return;
        }

        terminal.Line();
        foreach (string line in (IEnumerable<string>)["--- as it came", "+++ as it is delivered", .. difference])
        {
            terminal.Marked(Shown.Difference(line));
        }
    }

    public static IReadOnlyList<string> Difference(MilterOutcome outcome) =>
        outcome.IsDelivered ? UnifiedDiff.Make(RunReport.Message(outcome.Original), RunReport.Message(outcome.Result)) : [];
}
