namespace Milter.Testing;

/// <summary>A clock that goes on when a test says so. Budgets, notices of progress and the filter's own waiting follow it.</summary>
/// <remarks>
/// Give it to <see cref="MilterTestOptions.Clock"/>. Let time pass from within the filter, in a service that stands in for a slow one
/// (<c>clock.Advance(TimeSpan.FromSeconds(5))</c>), or set <see cref="AutoAdvance"/> and have the filter wait by <c>Task.Delay(time, clock, token)</c>.
/// </remarks>
public sealed class ManualClock : TimeProvider
{
    private readonly object _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly DateTimeOffset _start;
    private long _now;

    /// <summary>Makes a clock that stands still.</summary>
    /// <param name="start">The time it shows; <see langword="null"/> for the first of January 2026.</param>
    public ManualClock(DateTimeOffset? start = null) => _start = start ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Gets or sets a value indicating whether the clock goes on by itself, timer by timer, while a filter waits.</summary>
    /// <remarks>For filters that wait by this clock alone: one that waits for something real, a file or a process, would see time fly.</remarks>
    public bool AutoAdvance { get; set; }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override long GetTimestamp()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _start.AddTicks(GetTimestamp());

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Lets time pass. Every timer fires at its own time, in order, on this thread.</summary>
    /// <param name="by">How much.</param>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        long until = GetTimestamp() + by.Ticks;
        using var production = new NoContext();
        while (FireNext(until))
        {
        }

        lock (_lock)
        {
            _now = Math.Max(_now, until);
        }
    }

    /// <summary>Lets time pass up to the next timer that has been set.</summary>
    /// <returns><see langword="false"/> when no timer is set.</returns>
    public bool AdvanceToNextTimer() => FireNext(long.MaxValue - 1);

    /// <summary>Goes to the next timer but one that always ticks, and a second on at most: so that whoever was woken on the way gets on.</summary>
    internal void AdvanceBeyond(ITimer ticking)
    {
        long next;
        lock (_lock)
        {
            next = _timers.Where(timer => !ReferenceEquals(timer, ticking)).Select(timer => timer.Due).Append(_now + TimeSpan.TicksPerSecond).Min();
        }

        Advance(TimeSpan.FromTicks(Math.Max(0, next - GetTimestamp())));
    }

    private bool FireNext(long until)
    {
        ManualTimer? next;
        lock (_lock)
        {
            next = _timers.MinBy(timer => timer.Due);
            if (next is null || next.Due > until)
            {
                return false;
            }

            _now = Math.Max(_now, next.Due);
            next.Renew();
        }

        next.Fire();
        return true;
    }

    private sealed class ManualTimer(ManualClock clock, Action callback) : ITimer
    {
        private TimeSpan _period;

        public long Due { get; private set; } = long.MaxValue;

        public void Fire() => callback();

        public void Renew() => SetDue(_period);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                _period = period <= TimeSpan.Zero ? Timeout.InfiniteTimeSpan : period;
                SetDue(dueTime);
                return true;
            }
        }

        public void Dispose()
        {
            lock (clock._lock)
            {
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        // A timer that is not set is not kept.
        private void SetDue(TimeSpan after)
        {
            clock._timers.Remove(this);
            Due = after == Timeout.InfiniteTimeSpan ? long.MaxValue : clock._now + after.Ticks;
            if (after != Timeout.InfiniteTimeSpan)
            {
                clock._timers.Add(this);
            }
        }
    }
}
