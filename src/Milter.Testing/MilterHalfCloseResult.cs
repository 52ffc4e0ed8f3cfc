using Microsoft.Extensions.Logging;
using Milter.CompilerServices;

namespace Milter.Testing;

/// <summary>What a filter made of an MTA that shut its writing side in the middle of a message.</summary>
public sealed class MilterHalfCloseResult
{
    private const MilterStages MessageStages = MilterStages.Mail | MilterStages.Rcpt | MilterStages.RejectedRcpt | MilterStages.Data
        | MilterStages.Header | MilterStages.Eoh | MilterStages.Body | MilterStages.Eom;

    private readonly MilterDescriptor _descriptor;
    private readonly WireSimulation? _wire;

    internal MilterHalfCloseResult(IReadOnlyList<MilterHalfCloseRun> runs, MilterDescriptor descriptor, WireSimulation? wire)
    {
        Runs = runs;
        _descriptor = descriptor;
        _wire = wire;
    }

    /// <summary>Gets what happened in the way of each MTA.</summary>
    public IReadOnlyList<MilterHalfCloseRun> Runs { get; }

    /// <summary>
    /// Expects that the filter copes: each message that it was shown ended with its <c>[OnMessageEnd]</c>, and its <c>[OnAbort]</c> where it was lost;
    /// <c>[OnClose]</c> came once and last; the instance was disposed of; and nothing as grave as <paramref name="level"/> was logged.
    /// </summary>
    /// <param name="level">The level.</param>
    /// <returns>This result.</returns>
    /// <exception cref="MilterAssertionException">It does not hold.</exception>
    public MilterHalfCloseResult AssertCleanEnd(LogLevel level = LogLevel.Warning)
    {
        foreach (MilterHalfCloseRun run in Runs)
        {
            if (Fault(run, level) is { } fault)
            {
                throw new MilterAssertionException($"{fault}\n\n{run}{WireSimulation.Advice(_wire)}");
            }
        }

        return this;
    }

    /// <summary>Expects anything else of each run.</summary>
    /// <param name="holds">Says whether it holds.</param>
    /// <param name="expectation">What should be, for the failure's text.</param>
    /// <returns>This result.</returns>
    /// <exception cref="MilterAssertionException">It does not hold.</exception>
    public MilterHalfCloseResult Assert(Func<MilterHalfCloseRun, bool> holds, string expectation)
    {
        ArgumentNullException.ThrowIfNull(holds);
        return Runs.FirstOrDefault(run => !holds(run)) is { } run
            ? throw new MilterAssertionException($"{expectation}\n\n{run}{WireSimulation.Advice(_wire)}")
            : this;
    }

    /// <summary>Says what happened.</summary>
    /// <returns>Several lines.</returns>
    public override string ToString() => string.Join('\n', Runs);

    private string? Fault(MilterHalfCloseRun run, LogLevel level)
    {
        if (run.Log.FirstOrDefault(entry => entry.Level >= level) is { } entry)
        {
            return $"Nothing should be logged at {level} or above; there is \"{entry}\".";
        }

        bool isLost = run.Ended is MessageOutcome.Aborted or MessageOutcome.ConnectionLost;
        return run.Ending.Any(stage => (stage & MessageStages) != 0) ? "A message that the filter was shown should end."
            : Lacks(MilterStages.MessageEnd, run.Ended is not null) ? "[OnMessageEnd] should be called once for each message."
            : Lacks(MilterStages.Abort, isLost) ? "[OnAbort] should be called once for a message that is lost."
            : Lacks(MilterStages.Close, run.Called.Count > 0) ? "[OnClose] should be called once at the end of the session."
            : !run.IsDisposed ? "The instance should be disposed of."
            : null;

        bool Lacks(MilterStages stage, bool isDue) => isDue && (_descriptor.Handles & stage) != 0 && run.Ending.Count(one => one == stage) != 1;
    }
}
