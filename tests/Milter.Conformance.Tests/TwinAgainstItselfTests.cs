using Milter.Conformance.Tests.Comparing;
using Milter.Conformance.Tests.Filters;
using Milter.Conformance.Tests.Mta;
using Milter.Protocol;
using Xunit.Abstractions;

namespace Milter.Conformance.Tests;

/// <summary>
/// Protects the test itself: two processes of the same filter never differ, so that what differs elsewhere is a difference; and the sessions
/// reach every verdict at every stage and every action, so that no difference means something.
/// </summary>
[Collection(ConformanceCollection.Name)]
public class TwinAgainstItselfTests(ConformanceFixture fixture, ITestOutputHelper output)
{
    private const string Verdicts = "cardty";

    [SkippableFact]
    public void Nothing_differs_and_everything_occurs()
    {
        var differential = new Differential(fixture.DemandTwin(), fixture.DemandSecondTwin());
        Dictionary<string, int> seen = [];

        double rate = differential.Run((plan, transcript) =>
        {
            Count(seen, $"version {plan.Offer.Version}");
            foreach (Exchange exchange in transcript.Exchanges)
            {
                Count(seen, $"{exchange.Move.Code}");
                foreach (var reply in exchange.Replies)
                {
                    Count(seen, $"{exchange.Move.Code}{reply.Code}");
                }
            }
        });

        output.WriteLine($"{Differential.Sessions} sessions, {rate:F0} a second each against two filters; {string.Join(", ", seen.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key} {entry.Value}"))}");
        if (Differential.Sessions >= 500)
        {
            Assert.Equal([], Expected().Except(seen.Keys));
        }
    }

    private static IEnumerable<string> Expected() =>
    [
        .. "CH".SelectMany(stage => "carty".Select(verdict => $"{stage}{verdict}")),
        .. "MRTLNBE".SelectMany(stage => Verdicts.Select(verdict => $"{stage}{verdict}")),
        .. "crty".Select(verdict => $"U{verdict}"),
        .. "+2-beihmqp".Select(action => $"E{action}"),
        "Bs", "A", "K",
        .. new[] { 2, 3, 4, 5, 6, 7 }.Select(version => $"version {version}"),
    ];

    private static void Count(Dictionary<string, int> seen, string what) => seen[what] = seen.GetValueOrDefault(what) + 1;
}
