using Milter.Client;
using Milter.Protocol;

namespace Milter.Testing;

/// <summary>What a filter made of a message. With both MTAs it is the same; the members tell that of the first.</summary>
public sealed partial class MilterTestResult
{
    private readonly WireSimulation? _wire;

    internal MilterTestResult(IReadOnlyList<MilterTestRun> runs, WireSimulation? wire)
    {
        Runs = runs;
        _wire = wire;
        foreach (MilterTestRun other in runs.Skip(1))
        {
            Compare(runs[0], other);
        }
    }

    /// <summary>Gets what happened in the way of each MTA.</summary>
    public IReadOnlyList<MilterTestRun> Runs { get; }

    /// <summary>Gets verdict, edits, steps and messages.</summary>
    public MilterOutcome Outcome => Runs[0].Outcome;

    /// <summary>Gets what was negotiated: version, actions, steps, requested macros.</summary>
    public MilterAgreement Agreement => Runs[0].Agreement;

    /// <summary>Gets the verdict on the message.</summary>
    public MilterVerdict Verdict => Outcome.Verdict;

    /// <summary>Gets the step that decided.</summary>
    public MilterCommand DecidedAt => Outcome.DecidedAt;

    /// <summary>Gets the filter's own words; <see langword="null"/> where it left them to the MTA.</summary>
    public SmtpReply? Reply => Outcome.Reply;

    /// <summary>Gets the edits in the order in which the filter asked for them.</summary>
    public IReadOnlyList<MilterModification> Modifications => Outcome.Modifications;

    /// <summary>Gets the message as it is delivered: envelope, header fields (the MTA's own <c>Received</c> among them), body.</summary>
    public MailTransaction Message => Outcome.Result;

    /// <summary>Gets the body as it is delivered, lines ended by a line feed.</summary>
    public string Body => WireText.GetString(Message.Content.Body.Span).Replace("\r\n", "\n", StringComparison.Ordinal);

    /// <summary>Gets how many times the MTA has waited for the filter, from CONNECT to EOM; a second message of a session counts from MAIL.</summary>
    public int Waits => Outcome.Waits;

    /// <summary>Gets what was logged.</summary>
    public IReadOnlyList<TestLogEntry> Log => Runs[0].Log;

    /// <summary>Gets how many notices of progress the MTA got at the end of the message.</summary>
    public int ProgressNotices => Outcome.Steps.Sum(step => step.ProgressNotices);

    /// <summary>Gets the longest time that the MTA had to wait for a sign of the filter, by the test's clock.</summary>
    public TimeSpan LongestSilence => Runs.Max(run => run.LongestSilence);

    /// <summary>Gets the values of a header field as delivered, from the top.</summary>
    /// <param name="name">Its name; case does not matter.</param>
    /// <returns>None, one or several.</returns>
    public IReadOnlyList<string> Headers(string name) => [.. Message.Content.Headers.Where(header => header.Is(name)).Select(header => header.Value)];

    /// <summary>Gets what came of a step; of RCPT, HEADER and BODY the last one, or the one with this detail.</summary>
    /// <param name="step">The step.</param>
    /// <param name="detail">The address in brackets of a RCPT, the name of a HEADER.</param>
    /// <returns>What came of it; <see langword="null"/> when it was not reached.</returns>
    public StepReply? StepAt(MilterCommand step, string? detail = null) =>
        Outcome.Steps.LastOrDefault(reply => reply.Step == step && (detail is null || reply.Detail == detail));

    /// <summary>Says what happened, step by step, with the difference between the message that came and the one that is delivered.</summary>
    /// <returns>Several lines.</returns>
    public override string ToString() => string.Join('\n', Runs.Select(RunReport.Story));

    private void Compare(MilterTestRun first, MilterTestRun other)
    {
        IReadOnlyList<string> difference = UnifiedDiff.Make(RunReport.Comparable(first.Outcome), RunReport.Comparable(other.Outcome));
        if (difference.Count > 0)
        {
            throw Fail(
                $"The filter treats {first.Mta} and {other.Mta} differently. (Where that is meant, test them one by one: MilterTestOptions.Personalities.)\n"
                + $"--- {first.Mta}\n+++ {other.Mta}\n{string.Join('\n', difference)}");
        }
    }

    private MilterAssertionException Fail(string message) =>
        new($"{message}\n\n{this}{WireSimulation.Advice(_wire)}");
}
