using System.Diagnostics;
using System.Globalization;
using Milter.Conformance.Tests.Filters;
using Milter.Conformance.Tests.Mta;
using Milter.Conformance.Tests.Plans;

namespace Milter.Conformance.Tests.Comparing;

/// <summary>Plays many sessions against two filters, and tells of the first in which they differ.</summary>
internal sealed class Differential(Func<bool, string> reference, Func<bool, string> other)
{
    private static readonly TimeSpan s_generous = TimeSpan.FromMinutes(2);

    public static int Sessions { get; } = Variable("ATTRMILTER_SESSIONS", 500);

    public static int Seed { get; } = Variable("ATTRMILTER_SEED", 1);

    /// <summary>Gets how long a reply may take while a session is made smaller: a fault can leave both sides waiting, again and again.</summary>
    public TimeSpan WhileShrinking { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets how long a session is made smaller.</summary>
    public TimeSpan Shrinking { get; init; } = TimeSpan.FromSeconds(45);

    public Differential(ProbePair reference, ProbePair other)
        : this(reference.SocketPath, other.SocketPath)
    {
    }

    /// <summary>Plays one plan against both.</summary>
    /// <returns>The difference, or null.</returns>
    public string? Play(SessionPlan plan, out Transcript expected, out Transcript actual, TimeSpan? deadline = null)
    {
        expected = Player.Play(plan, reference(plan.LeadingSpace), deadline ?? s_generous);
        actual = Player.Play(plan, other(plan.LeadingSpace), deadline ?? s_generous);
        return Comparer.FirstDifference(expected, actual);
    }

    /// <summary>Plays many; fails with a session made as small as can be.</summary>
    /// <param name="seen">Gets each transcript of the reference.</param>
    /// <returns>Sessions a second.</returns>
    public double Run(Action<SessionPlan, Transcript>? seen = null)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Sessions; i++)
        {
            SessionPlan plan = PlanMaker.Make(Seed + i);
            string? difference = Play(plan, out Transcript expected, out _);
            Assert.True(difference is null, difference is null ? "" : Explain(plan, difference));
            seen?.Invoke(plan, expected);
        }

        return Sessions / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Says all there is to say about a session in which they differ.</summary>
    public string Explain(SessionPlan plan, string difference)
    {
        SessionPlan small = Shrinker.Shrink(plan, candidate => Play(candidate, out _, out _, WhileShrinking) is not null, Shrinking);
        string? again = Play(small, out Transcript expected, out Transcript actual, WhileShrinking);
        return $"""
            {difference}
            Play it again with ATTRMILTER_SEED={plan.Seed} ATTRMILTER_SESSIONS=1.
            The smallest session found that differs ({small}): {again ?? "it did not differ when it was played once more"}
            The reference:
            {expected.Show(small)}The other:
            {actual.Show(small)}
            """;
    }

    private static int Variable(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}
