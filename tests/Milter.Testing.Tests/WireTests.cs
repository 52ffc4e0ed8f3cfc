using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Milter.CompilerServices;

namespace Milter.Testing.Tests;

/// <summary>The simulated wire: what it does follows from its seed alone, it changes nothing of what a filter makes of a message, and a failure can be repeated.</summary>
public class WireTests
{
    private static TestMessage Large => TestMessage.From("joe@elsewhere.test").To("ann@example.test").Header("X-Old", "1").Body(new byte[70_000].Select(_ => (byte)'x').ToArray());

    /// <summary>What a filter does must not depend on where packets are cut, nor on how sessions end.</summary>
    [Fact]
    public async Task A_bad_network_changes_nothing()
    {
        string? expected = null;
        for (int seed = 0; seed < 40; seed++)
        {
            await using var host = new MilterTestHost<Editing>(new MilterTestOptions { Wire = WireSimulation.Seeded(seed) });
            await using MilterTestSession session = await host.StartSessionAsync();
            await session.SendAsync(Large);
            MilterTestResult result = await session.SendAsync(Large);
            string content = result.Message.Content.ToString();
            Assert.Equal(expected ??= content, content);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_seed_makes_the_same_happen_again(bool hasClock)
    {
        string first = await PlayAsync(17);

        Assert.Equal(first, await PlayAsync(17));
        Assert.NotEqual(first, await PlayAsync(18));
        Assert.Contains("to the filter: ", first, StringComparison.Ordinal);
        Assert.Contains("from the filter: cut after byte ", first, StringComparison.Ordinal);
        Assert.Contains(" ms late", first, StringComparison.Ordinal);

        async Task<string> PlayAsync(int seed)
        {
            var clock = new ManualClock();
            await using var host = new MilterTestHost<Chatty>(new MilterTestOptions { Wire = WireSimulation.Seeded(seed), Clock = hasClock ? clock : TimeProvider.System });
            await using MilterTestSession session = await host.StartSessionAsync();
            var told = new List<string>();
            for (int i = 0; i < 3; i++)
            {
                MilterTestResult result = await session.SendAsync(Large);
                told.AddRange(result.Runs.SelectMany(run => run.Wire));
            }

            MilterHalfCloseResult end = await session.HalfCloseAsync(Large);
            told.AddRange(end.Runs.Select(run => run.ToString()));
            return string.Join('\n', told.Append(hasClock ? clock.GetUtcNow().ToString("O") : ""));
        }
    }

    /// <summary>A slow network spends nobody's budget.</summary>
    [Fact]
    public async Task Packets_that_come_late_take_no_time_from_the_handlers()
    {
        var clock = new ManualClock();
        DateTimeOffset start = clock.GetUtcNow();
        for (int seed = 0; seed < 20; seed++)
        {
            var options = new MilterTestOptions { Wire = WireSimulation.Seeded(seed), Clock = clock, Configure = milter => milter.CommandBudget = TimeSpan.FromMilliseconds(250) };
            await using var host = new MilterTestHost<Chatty>(options);

            (await host.SendAsync(Large)).AssertPassed().AssertNothingLogged();
        }

        Assert.True(clock.GetUtcNow() - start > TimeSpan.FromSeconds(20), "forty sessions in which nothing is late");
    }

    [Fact]
    public async Task A_failure_names_its_seed_and_the_line_that_repeats_it()
    {
        await using var host = new MilterTestHost<PostfixOnly>(new MilterTestOptions { Wire = WireSimulation.Seeded(17) });

        var failure = await Assert.ThrowsAsync<MilterAssertionException>(() => host.SendAsync(TestMessage.From("a@x.test").To("b@x.test")));

        Assert.EndsWith("The same again, in the MilterTestOptions of this test:\n  Wire = WireSimulation.Seeded(17),\n", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>A stage that is not passed on would be a handler that no test ever calls.</summary>
    [Fact]
    [SuppressMessage("Design", "CA1859", Justification = "The map is asked of the interface.")]
    public void Every_stage_is_passed_on_to_the_filter()
    {
        InterfaceMapping map = typeof(WatchedFilter).GetInterfaceMap(typeof(IMilterDispatcher));

        Assert.All(map.TargetMethods, method => Assert.Equal(typeof(WatchedFilter), method.DeclaringType));
    }
}
