using Milter.Conformance.Tests.Comparing;
using Milter.Conformance.Tests.Plans;

namespace Milter.Conformance.Tests;

/// <summary>Protects what a seed means: the same session each time, and none that leads into a known deviation.</summary>
public class PlanTests
{
    [Fact]
    public void A_seed_always_makes_the_same_plan()
    {
        for (int seed = 1; seed <= 50; seed++)
        {
            SessionPlan one = PlanMaker.Make(seed);
            SessionPlan other = PlanMaker.Make(seed);

            Assert.Equal(one.ToString(), other.ToString());
            Assert.Equal(one.Moves.AsEnumerable(), other.Moves);
        }
    }

    [Fact]
    public void No_plan_leads_into_a_known_deviation()
    {
        for (int i = 0; i < Math.Max(2000, Differential.Sessions); i++)
        {
            Assert.Null(KnownDeviations.In(PlanMaker.Make(Differential.Seed + i)));
        }
    }
}
