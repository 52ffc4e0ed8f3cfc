namespace Milter.Runtime.Tests.Scheduling;

/// <summary>A clock by which whoever looks at it may be overtaken.</summary>
internal sealed class PlacedTime(Scheduler scheduler) : TimeProvider
{
    private long _now;

    // Asked whenever two timestamps are compared, and so between a look and what follows from it.
    public override long TimestampFrequency
    {
        get
        {
            scheduler.Place();
            return TimeSpan.TicksPerSecond;
        }
    }

    public override long GetTimestamp()
    {
        scheduler.Place();
        return Volatile.Read(ref _now);
    }

    public void Advance(TimeSpan by) => Interlocked.Add(ref _now, by.Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Never();

    private sealed class Never : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}
