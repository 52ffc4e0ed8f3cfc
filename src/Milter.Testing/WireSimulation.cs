namespace Milter.Testing;

/// <summary>Makes the way between MTA and filter as bad as a network may be: packets cut and glued anywhere, both ways, and sessions that end without QUIT.</summary>
/// <remarks>What a filter does must not depend on it. A failure names the seed; give that to <see cref="Seeded"/> to see the same again.</remarks>
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
}
