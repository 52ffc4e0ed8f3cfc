using Milter.Telemetry;
using Milter.Tests;

namespace Milter.Runtime.Tests.Telemetry;

/// <summary>Protects the log from whoever can cause entries in it: so many a minute, and a number for the rest.</summary>
public sealed class LogRateTests
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private readonly ManualTime _time = new();
    private readonly List<long> _leftOut = [];

    [Fact]
    public void So_many_are_written_and_the_rest_is_told_as_a_number_when_the_minute_is_over()
    {
        using LogRate rate = Rate(3);

        Assert.Equal(3, Take(rate, 5_000));
        _time.Advance(s_minute - TimeSpan.FromTicks(1));
        Assert.Empty(_leftOut);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal([4_997], _leftOut);
    }

    [Fact]
    public void Every_minute_has_its_own()
    {
        using LogRate rate = Rate(3);

        for (int minute = 0; minute < 3; minute++)
        {
            Assert.Equal(3, Take(rate, 10));
            _time.Advance(s_minute);
        }

        Assert.Equal([7, 7, 7], _leftOut);
    }

    [Fact]
    public void Where_nothing_was_left_out_nothing_is_told()
    {
        LogRate rate = Rate(3);
        for (int minute = 0; minute < 5; minute++)
        {
            Assert.Equal(3, Take(rate, 3));
            _time.Advance(s_minute);
        }

        rate.Dispose();
        Assert.Empty(_leftOut);
    }

    [Fact]
    public void The_minute_begins_with_the_first_entry_of_it()
    {
        using LogRate rate = Rate(3);
        Take(rate, 1);
        _time.Advance(s_minute * 10);
        Take(rate, 1);
        _time.Advance(s_minute - TimeSpan.FromSeconds(1));

        Assert.Equal(2, Take(rate, 5));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([3], _leftOut);
    }

    [Fact]
    public void The_end_tells_what_was_left_out()
    {
        LogRate rate = Rate(1);
        Take(rate, 5);
        rate.Dispose();

        Assert.Equal([4], _leftOut);
    }

    [Fact]
    public void A_log_that_throws_harms_nobody()
    {
        using var rate = new LogRate(1, s_minute, _time, _ => throw new IOException("disk full"));
        Take(rate, 5);
        _time.Advance(s_minute);

        Assert.Equal(1, Take(rate, 5));
    }

    [Fact]
    public async Task Many_threads_together_get_no_more_than_one_would()
    {
        LogRate rate = Rate(100);

        int[] written = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Take(rate, 1_000))));

        rate.Dispose();
        Assert.Equal(100, written.Sum());
        Assert.Equal([7_900], _leftOut);
    }

    [ReleaseFact]
    public void What_is_left_out_allocates_nothing()
    {
        using LogRate rate = Rate(1);
        Take(rate, 2);

        Assert.Equal(0, Allocated.InSteadyState(() => rate.TryTake()));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(1, -1)]
    public void What_makes_no_sense_is_refused(int most, int seconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LogRate(most, TimeSpan.FromSeconds(seconds), _time, _leftOut.Add));

    private static int Take(LogRate rate, int times)
    {
        int written = 0;
        for (int i = 0; i < times; i++)
        {
            written += rate.TryTake() ? 1 : 0;
        }

        return written;
    }

    private LogRate Rate(int most) => new(most, s_minute, _time, _leftOut.Add);
}
