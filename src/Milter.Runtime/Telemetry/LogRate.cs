namespace Milter.Telemetry;

/// <summary>How often an entry that a stranger can cause may be written: so many times a period, then once how many were left out.</summary>
/// <remarks>
/// The period begins with the first entry. What was left out is told when it is over, by itself, whether or not more comes. Of an entry that is left
/// out nothing is made: asking allocates nothing. Safe for any number of threads.
/// </remarks>
internal sealed class LogRate : IDisposable
{
    private readonly object _gate = new();
    private readonly int _most;
    private readonly TimeSpan _period;
    private readonly TimeProvider _time;
    private readonly Action<long> _tellLeftOut;
    private readonly ITimer _timer;
    private long _begin;
    private int _written;
    private long _leftOut;

    /// <summary>Makes a rate.</summary>
    /// <param name="most">The most entries a period; 1 at least.</param>
    /// <param name="period">The period.</param>
    /// <param name="time">The time.</param>
    /// <param name="tellLeftOut">Writes how many entries were left out; called on any thread, and what it throws is dropped.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="most"/> is less than 1, or <paramref name="period"/> is not positive.</exception>
    public LogRate(int most, TimeSpan period, TimeProvider time, Action<long> tellLeftOut)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero);
        _most = most;
        _period = period;
        _time = time;
        _tellLeftOut = tellLeftOut;
        _timer = time.CreateTimer(static rate => ((LogRate)rate!).Tell(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Asks for an entry.</summary>
    /// <returns>Whether to write it.</returns>
    public bool TryTake()
    {
        lock (_gate)
        {
            long now = _time.GetTimestamp();
            TimeSpan since = _time.GetElapsedTime(_begin, now);
            if (_written == 0 || (since >= _period && _leftOut == 0))
            {
                _begin = now;
                _written = 1;
                return true;
            }

            if (_written < _most)
            {
                _written++;
                return true;
            }

            if (_leftOut++ == 0)
            {
                TimeSpan rest = _period - since;
                _timer.Change(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            }

            return false;
        }
    }

    /// <summary>Tells what was left out since it was last told. The last thing done with it.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        Tell();
    }

    private void Tell()
    {
        long leftOut;
        lock (_gate)
        {
            leftOut = _leftOut;
            _leftOut = 0;
            _written = 0;
        }

        if (leftOut == 0)
        {
            return;
        }

        try
        {
            _tellLeftOut(leftOut);
        }
#pragma warning disable CA1031 // A log that is full or away must cost no mail, and on a timer's thread the process.
        catch (Exception)
#pragma warning restore CA1031
        {
            // There is nowhere left to tell it.
        }
    }
}
