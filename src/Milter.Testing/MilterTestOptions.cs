using Milter.Client;
using Milter.Protocol;

namespace Milter.Testing;

/// <summary>How a filter is tested.</summary>
public sealed record MilterTestOptions
{
    /// <summary>Gets the MTAs in whose ways each message is told.</summary>
    /// <value>Both by default: results that differ fail the test. One alone opts out of that.</value>
    public IReadOnlyList<MtaPersonality> Personalities { get; init; } = MtaPersonality.Both;

    /// <summary>Gets what sets the filter's options: budgets, what becomes of exceptions, limits.</summary>
    public Action<MilterOptions>? Configure { get; init; }

    /// <summary>Gets the clock that filter and engine go by.</summary>
    /// <value>The system's by default; see <see cref="ManualClock"/>.</value>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Gets the version that the MTA offers, 2 to 6.</summary>
    public uint Version { get; init; } = MilterLimits.Version;

    /// <summary>Gets the actions that the MTA offers.</summary>
    public MilterActions Actions { get; init; } = MilterActions.All;

    /// <summary>Gets the steps that the MTA offers to leave out, and what else it offers; <see langword="null"/> for all of the version.</summary>
    public ProtocolSteps? Steps { get; init; }

    /// <summary>Gets the bad network between MTA and filter; <see langword="null"/> for none.</summary>
    public WireSimulation? Wire { get; init; }
}
