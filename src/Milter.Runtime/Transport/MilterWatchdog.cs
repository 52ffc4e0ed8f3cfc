using System.Collections.Concurrent;

namespace Milter.Transport;

/// <summary>One timer for all connections of a server: looks at handlers that take long, and at MTAs that are silent.</summary>
/// <remarks>It ticks every 250 ms while some handler runs, and slowly otherwise. Waking it costs a look at a field.</remarks>
internal sealed class MilterWatchdog : IDisposable
{
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan s_slowest = TimeSpan.FromSeconds(30);

    // One for all looks: to look costs no garbage either.
    private readonly IEnumerator<KeyValuePair<IServedConnection, IServedConnection>> _connections;
    private readonly TimeSpan _slow;
    private readonly ITimer _timer;
    private int _isAwake;
    private int _isTicking;

    public MilterWatchdog(TimeProvider time, TimeSpan idleTimeout, ConcurrentDictionary<IServedConnection, IServedConnection> connections)
    {
        _connections = connections.GetEnumerator();
        TimeSpan quarter = idleTimeout / 4;
        _slow = quarter > s_slowest ? s_slowest : quarter < Interval ? Interval : quarter;
        _timer = time.CreateTimer(static self => ((MilterWatchdog)self!).Tick(), this, _slow, _slow);
    }

    /// <summary>Called when a handler may begin to run. The caller has made that visible with a full fence.</summary>
    public void Wake()
    {
        if (Volatile.Read(ref _isAwake) == 0 && Interlocked.Exchange(ref _isAwake, 1) == 0)
        {
            _timer.Change(Interval, Interval);
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _connections.Dispose();
    }

    internal void Tick()
    {
        if (Interlocked.Exchange(ref _isTicking, 1) == 1)
        {
            return;
        }

        bool isBusy = false;
        _connections.Reset();
        while (_connections.MoveNext())
        {
            IServedConnection connection = _connections.Current.Key;
            try
            {
                connection.Watch();
            }
            catch (Exception e)
            {
                // One connection's trouble must not end the process, nor the others' time.
                connection.Fail(e);
            }

            isBusy |= connection.IsBusy;
        }

        if (!isBusy && Volatile.Read(ref _isAwake) == 1)
        {
            // First the timer, then the field, then another look: a handler that began meanwhile has seen the field as it was, or is seen now.
            _timer.Change(_slow, _slow);
            Interlocked.Exchange(ref _isAwake, 0);
            if (IsAnyBusy())
            {
                Wake();
            }
        }

        Volatile.Write(ref _isTicking, 0);
    }

    private bool IsAnyBusy()
    {
        _connections.Reset();
        while (_connections.MoveNext())
        {
            if (_connections.Current.Key.IsBusy)
            {
                return true;
            }
        }

        return false;
    }
}
