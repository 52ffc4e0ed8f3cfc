using Milter.Client;

namespace Milter.Testing;

/// <summary>What a filter made of a message in the way of one MTA.</summary>
/// <param name="Mta">The MTA.</param>
/// <param name="Outcome">Verdict, edits, resulting message, steps.</param>
/// <param name="Agreement">What was negotiated.</param>
/// <param name="Log">What was logged since the message before, or since the session began.</param>
/// <param name="LongestSilence">The longest time that the MTA had to wait for a sign of the filter, by the test's clock.</param>
/// <param name="Wire">What the simulated wire did, in words, since the message before, or since the session began; empty without a <see cref="WireSimulation"/>.</param>
public sealed record MilterTestRun(
    MtaPersonality Mta, MilterOutcome Outcome, MilterAgreement Agreement, IReadOnlyList<TestLogEntry> Log, TimeSpan LongestSilence, IReadOnlyList<string> Wire);
