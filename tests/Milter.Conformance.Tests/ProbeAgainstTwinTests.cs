using Milter.Conformance.Tests.Comparing;
using Milter.Conformance.Tests.Filters;
using Xunit.Abstractions;

namespace Milter.Conformance.Tests;

/// <summary>
/// Protects that AttrMilter does what libmilter does: the same filter on both, and random sessions of MTAs that must not be able to tell
/// one from the other. Where the two differ on purpose, <see cref="Deviations.OrderDeviationTests"/> says what AttrMilter does.
/// </summary>
[Collection(ConformanceCollection.Name)]
public class ProbeAgainstTwinTests(ConformanceFixture fixture, ITestOutputHelper output)
{
    [SkippableFact]
    public void No_MTA_can_tell_the_two_apart()
    {
        double rate = new Differential(fixture.DemandTwin(), fixture.Probe).Run();

        output.WriteLine($"{Differential.Sessions} sessions from seed {Differential.Seed} on, {rate:F0} a second, each against both; no difference");
    }
}
