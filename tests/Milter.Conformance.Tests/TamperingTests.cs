using Milter.Conformance.Tests.Comparing;
using Milter.Conformance.Tests.Filters;
using Milter.Conformance.Tests.Mta;
using Milter.Conformance.Tests.Plans;
using Milter.Protocol;
using Xunit.Abstractions;

namespace Milter.Conformance.Tests;

/// <summary>Protects the comparison: whatever a faulty filter could do is reported, each time it does it, and nothing else is.</summary>
[Collection(ConformanceCollection.Name)]
public class TamperingTests(ConformanceFixture fixture, ITestOutputHelper output)
{
    // A fault can leave both sides waiting; nobody waits for that long.
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(700);

    public static TheoryData<Tampering> All => [.. Enum.GetValues<Tampering>()];

    [SkippableTheory]
    [MemberData(nameof(All))]
    public void Every_fault_is_reported(Tampering tampering)
    {
        ProbePair twin = fixture.DemandTwin();
        using var proxy = new TamperingProxy(tampering, twin.SocketPath, fixture.Folder, Differential.Seed);
        var differential = new Differential(twin.SocketPath, leadingSpace =>
        {
            proxy.LeadingSpace = leadingSpace;
            return proxy.SocketPath;
        });
        int tampered = 0;
        for (int seed = Differential.Seed; tampered < 10; seed++)
        {
            SessionPlan plan = PlanMaker.Make(seed);

            string? difference = differential.Play(plan, out _, out Transcript actual, s_short);
            if (difference is not null && !proxy.HasTampered)
            {
                // A loaded machine may need more time.
                difference = differential.Play(plan, out _, out actual);
            }

            // A reply that is waived and sent shows where there is one.
            bool isFaulty = proxy.HasTampered && (tampering != Tampering.WaiveAndReply || actual.Exchanges.Any(exchange => exchange.Move.Command == MilterCommand.Rcpt));
            Assert.True(difference is not null == isFaulty, $"{plan}: {difference ?? "no difference"}, faulty: {isFaulty}\n{actual.Show(plan)}");
            if (isFaulty && tampered++ < 2)
            {
                output.WriteLine($"{tampering}: {difference}");
            }
        }
    }

    [SkippableFact]
    public void A_difference_is_told_with_its_seed_and_a_small_session()
    {
        ProbePair twin = fixture.DemandTwin();
        using var proxy = new TamperingProxy(Tampering.DropEdit, twin.SocketPath, fixture.Folder, Differential.Seed);
        var differential = new Differential(twin.SocketPath, leadingSpace =>
        {
            proxy.LeadingSpace = leadingSpace;
            return proxy.SocketPath;
        })
        {
            // This fault leaves nobody waiting: it is the machine that takes its time.
            WhileShrinking = TimeSpan.FromMinutes(2),
            Shrinking = TimeSpan.FromMinutes(10),
        };
        SessionPlan plan = Enumerable.Range(1, 1000).Select(PlanMaker.Make).First(plan => plan.Moves.Length > 20 && differential.Play(plan, out _, out _) is not null);
        string difference = differential.Play(plan, out _, out _)!;

        string told = differential.Explain(plan, difference);

        output.WriteLine(told);
        Assert.Contains($"ATTRMILTER_SEED={plan.Seed} ", told, StringComparison.Ordinal);

        // MAIL, RCPT, one header, EOH and EOM, and the negotiation, for each of the two.
        Assert.InRange(told.Split("\n  > ").Length - 1, 12, 14);
    }
}
