namespace Milter.Testing;

/// <summary>Makes the way between MTA and filter as bad as a network may be: packets cut and glued anywhere, both ways, packets that come late, and sessions that end without QUIT.</summary>
/// <remarks>
/// <para>What a filter does must not depend on it. All of it follows from the seed; <see cref="MilterTestRun.Wire"/> says what was done. A failure names the seed and the line
/// with which the same happens again.</para>
/// <para>Packets are late by a <see cref="ManualClock"/>, where the test has one: it goes on by up to some seconds while the filter waits for the rest of them. Otherwise a
/// delay is a few turns of other work. No test sleeps.</para>
/// <para>An MTA that is gone in the middle of a message is a test of its own: <see cref="MilterTestHost{T}.HalfCloseAsync"/>.</para>
/// </remarks>
public sealed class WireSimulation
{
    private WireSimulation(int seed) => Seed = seed;

    /// <summary>Gets the number from which everything follows.</summary>
    public int Seed { get; }

    /// <summary>Makes a simulation with a seed.</summary>
    /// <param name="seed">Any number.</param>
    /// <returns>The simulation.</returns>
    public static WireSimulation Seeded(int seed) => new(seed);

    /// <summary>Makes a simulation that is another one in each test run.</summary>
    /// <returns>The simulation.</returns>
    public static WireSimulation Random() => new(System.Random.Shared.Next());

    /// <summary>Says the seed.</summary>
    /// <returns>How to write it in a test.</returns>
    public override string ToString() => $"WireSimulation.Seeded({Seed})";

    /// <summary>What a failure says about it: the line that makes the same happen again.</summary>
    internal static string Advice(WireSimulation? wire) =>
        wire is null ? "" : $"The wire was simulated. The same again, in the MilterTestOptions of this test:\n  Wire = {wire},\n";
}
