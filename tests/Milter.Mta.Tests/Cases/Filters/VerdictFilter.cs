using Milter.Mta.Tests;

namespace Milter.Mta.Filters;

/// <summary>Waits at every stage for the verdict that the test has for it.</summary>
/// <param name="decide">Gives the verdict of a stage.</param>
/// <param name="journal">Gets the name of each stage as it comes, and how each message ended.</param>
[Milter]
public sealed partial class VerdictFilter(Func<MilterStages, Verdict> decide, Journal journal)
{
    /// <summary>A field that every message has which this filter let through to its end.</summary>
    public const string Mark = "X-Filtered: yes";

    [OnConnect]
    private Verdict Connect() => At(MilterStages.Connect);

    [OnHelo]
    private Verdict Helo() => At(MilterStages.Helo);

    [OnMail]
    private Verdict Mail() => At(MilterStages.Mail);

    [OnRcpt]
    private Verdict Rcpt() => At(MilterStages.Rcpt);

    [OnData]
    private Verdict Data() => At(MilterStages.Data);

    [OnHeader]
    private Verdict Header() => At(MilterStages.Header);

    [OnEoh]
    private Verdict EndOfHeaders() => At(MilterStages.Eoh);

    [OnBody]
    private Verdict Body() => At(MilterStages.Body);

    [OnEom]
    private Verdict End(HeaderAdder headers)
    {
        headers.Add("X-Filtered", "yes");
        return At(MilterStages.Eom);
    }

    [OnUnknown]
    private Verdict Unknown() => At(MilterStages.Unknown);

    [OnMessageEnd]
    private void Ended(MessageOutcome outcome) => journal.Add($"{outcome}");

    private Verdict At(MilterStages stage)
    {
        journal.Add($"{stage}");
        return decide(stage);
    }
}
