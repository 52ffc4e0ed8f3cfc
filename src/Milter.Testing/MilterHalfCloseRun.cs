using Milter.Client;

namespace Milter.Testing;

/// <summary>What a filter made of it in the way of one MTA.</summary>
/// <param name="Mta">The MTA.</param>
/// <param name="Place">Where the MTA shut its writing side, in words.</param>
/// <param name="Outcome">What the filter answered all the same to the whole message; <see langword="null"/> where the MTA has not told it all, or got no answer.</param>
/// <param name="Ended">How the message ended for the filter, as <c>[OnMessageEnd]</c> is told; <see langword="null"/> when it was shown none.</param>
/// <param name="Called">The stages whose handlers were called, in the order of the calls, since the session began.</param>
/// <param name="IsDisposed">Whether the instance was disposed of, or none was made.</param>
/// <param name="Log">What was logged since the message before, or since the session began.</param>
public sealed record MilterHalfCloseRun(
    MtaPersonality Mta, string Place, MilterOutcome? Outcome, MessageOutcome? Ended, IReadOnlyList<MilterStages> Called, bool IsDisposed, IReadOnlyList<TestLogEntry> Log)
{
    /// <summary>Gets what was called since the last message ended.</summary>
    internal IReadOnlyList<MilterStages> Ending { get; init; } = [];

    /// <summary>Says what happened.</summary>
    /// <returns>Several lines.</returns>
    public override string ToString() =>
        $"As {Mta}: half-closed {Place}\n  called: {string.Join(", ", Called)}\n  the message: {Ended?.ToString() ?? "none was shown"}\n{string.Concat(Log.Select(entry => $"  logged: {entry}\n"))}";
}
