using Milter.Client;

namespace Milter.Testing.Tests;

/// <summary>Budgets, progress and expiry, by a clock that the test moves.</summary>
public class TimeTests
{
    private static TestMessage Simple => TestMessage.From("joe@elsewhere.test").To("ann@example.test");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_slow_lookup_is_covered_by_notices_of_progress(bool jumps)
    {
        var clock = new ManualClock { AutoAdvance = jumps };
        await using var host = Host(clock, jumps ? new Waiting(clock, TimeSpan.FromSeconds(20)) : new Jumping(clock, TimeSpan.FromSeconds(20)));

        MilterTestResult result = await host.SendAsync(Simple);

        result.AssertVerdict(MilterVerdict.Accept);
        Assert.Equal(6, result.ProgressNotices);
        Assert.InRange(result.LongestSilence, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3.5));
    }

    [Fact]
    public async Task A_filter_whose_time_is_spent_gives_the_expiry_verdict()
    {
        var clock = new ManualClock { AutoAdvance = true };
        await using var host = Host(clock, new Waiting(clock, TimeSpan.FromMinutes(10), heeds: false));

        MilterTestResult result = await host.SendAsync(Simple);

        result.AssertTempFailed();
        Assert.Contains(result.Log, entry => entry.EventId == 205);
    }

    [Fact]
    public async Task A_handler_that_blocks_beyond_its_time_is_taken_over()
    {
        var clock = new ManualClock();
        await using var host = Host(clock, new Jumping(clock, TimeSpan.FromMinutes(10)));

        (await host.SendAsync(Simple)).AssertTempFailed();
    }

    [Fact]
    public async Task A_filter_that_is_silent_for_longer_than_an_MTA_waits_fails_the_test()
    {
        var clock = new ManualClock();
        var options = new MilterTestOptions { Clock = clock, Configure = milter => milter.ProgressInterval = TimeSpan.FromSeconds(30) };
        await using var host = new MilterTestHost<LookingUp>(() => new LookingUp(new Jumping(clock, TimeSpan.FromSeconds(40))), options);

        var failure = await Assert.ThrowsAsync<MilterAssertionException>(() => host.SendAsync(Simple));

        Assert.Contains("As Sendmail: the filter was silent for 30", failure.Message, StringComparison.Ordinal);
    }

    private static MilterTestHost<LookingUp> Host(ManualClock clock, ILookup lookup) =>
        new(() => new LookingUp(lookup), new MilterTestOptions { Clock = clock });

    private sealed class Waiting(ManualClock clock, TimeSpan time, bool heeds = true) : ILookup
    {
        public async Task<bool> IsListedAsync(string address, CancellationToken cancellation)
        {
            await Task.Delay(time, clock, heeds ? cancellation : CancellationToken.None);
            return false;
        }
    }

    private sealed class Jumping(ManualClock clock, TimeSpan time) : ILookup
    {
        public Task<bool> IsListedAsync(string address, CancellationToken cancellation)
        {
            clock.Advance(time);
            return Task.FromResult(false);
        }
    }
}
