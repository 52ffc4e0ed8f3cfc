using System.Collections.Concurrent;
using Milter.Transport.Loops;

namespace Milter.Transport;

/// <summary>The one who knows what time it is, for all connections of a server: budgets, notices of progress, silence, and loops that are stuck.</summary>
/// <remarks>
/// <para>It has a thread of its own, so that no shortage of threads in the platform's pool stops it, and runs no handler. It looks at loops that work every millisecond to four, at all connections every
/// 250 ms while some handler runs, and rarely otherwise; waking it costs a look at a field.</para>
/// <para>With a clock that is not the system's, as tests have it, connections are looked at by that clock's timers.</para>
/// </remarks>
internal sealed class Clock : IDisposable
{
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private const int LooksBeforeSleep = 50;

    private readonly TimeProvider _time;
    private long _slowTicks;
    private readonly LoopSet? _loops;
    private readonly Action<long> _look;
    private readonly Heartbeat? _heartbeat;
    private readonly ITimer? _timer;
    private readonly ManualResetEventSlim _wake = new(false);

    // One for all looks: to look costs no garbage either.
    private readonly IEnumerator<KeyValuePair<IWatched, IWatched>> _watched;
    private readonly IEnumerator<KeyValuePair<IWatched, IWatched>> _busy;
    private int _isAwake;
    private int _isLooking;
    private volatile bool _sleeps;
    private volatile bool _stops;

    /// <summary>Starts to look.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="slow">How often to look where no handler runs.</param>
    /// <param name="watched">The connections.</param>
    /// <param name="loops">The loops, if there are any.</param>
    /// <param name="look">Called after each look at all connections.</param>
    /// <param name="heartbeat">Who is told now and then that all of this goes on; nobody by default.</param>
    public Clock(TimeProvider time, TimeSpan slow, ConcurrentDictionary<IWatched, IWatched> watched, LoopSet? loops, Action<long> look, Heartbeat? heartbeat = null)
    {
        _time = time;
        _slowTicks = Math.Max(slow.Ticks, Interval.Ticks);
        _loops = loops;
        _look = look;
        _heartbeat = heartbeat;
        _watched = watched.GetEnumerator();
        _busy = watched.GetEnumerator();
        bool isSystem = ReferenceEquals(time, TimeProvider.System);
        _timer = isSystem ? null : time.CreateTimer(static self => ((Clock)self!).Tick(), this, Slow, Slow);
        if (isSystem || loops is not null || heartbeat is not null)
        {
            new Thread(Run) { IsBackground = true, Name = "milter clock" }.UnsafeStart();
        }
    }

    private bool HasOwnTime => _timer is null;

    /// <summary>Looks more or less often than before where no handler runs.</summary>
    /// <param name="slow">How often.</param>
    public void Change(TimeSpan slow)
    {
        Volatile.Write(ref _slowTicks, Math.Max(slow.Ticks, Interval.Ticks));
        if (Volatile.Read(ref _isAwake) == 0)
        {
            _timer?.Change(Slow, Slow);
        }

        _wake.Set();
    }

    /// <summary>Handlers may run from now on.</summary>
    public void Wake()
    {
        bool isNews = Volatile.Read(ref _isAwake) == 0 && Interlocked.Exchange(ref _isAwake, 1) == 0;
        if (isNews)
        {
            _timer?.Change(Interval, Interval);
        }

        if (_sleeps && (isNews || _loops is not null))
        {
            _sleeps = false;
            _wake.Set();
        }
    }

    public void Dispose()
    {
        _stops = true;
        _wake.Set();
        _timer?.Dispose();
    }

    /// <summary>Looks at all connections.</summary>
    internal void Tick()
    {
        if (Interlocked.Exchange(ref _isLooking, 1) == 1)
        {
            return;
        }

        long now = _time.GetTimestamp();
        bool isBusy = false;
        _watched.Reset();
        while (_watched.MoveNext())
        {
            IWatched one = _watched.Current.Key;
            try
            {
                one.Look(now);
            }
#pragma warning disable CA1031 // One connection's trouble must not end the process, nor the others' time.
            catch (Exception e)
#pragma warning restore CA1031
            {
                one.LookFailed(e);
            }

            isBusy |= one.IsBusy;
        }

        _look(now);
        if (!isBusy && Volatile.Read(ref _isAwake) == 1)
        {
            // First the timer, then the field, then another look: a handler that began meanwhile has seen the field as it was, or is seen now.
            _timer?.Change(Slow, Slow);
            Interlocked.Exchange(ref _isAwake, 0);
            if (IsAnyBusy())
            {
                Wake();
            }
        }

        Volatile.Write(ref _isLooking, 0);
    }

    private bool IsAnyBusy()
    {
        _busy.Reset();
        while (_busy.MoveNext())
        {
            if (_busy.Current.Key.IsBusy)
            {
                return true;
            }
        }

        return false;
    }

    private void Run()
    {
        long last = _time.GetTimestamp();
        int idle = 0;
        while (!_stops)
        {
            idle = _loops?.Look() == true ? 0 : idle + 1;
            _heartbeat?.Beat(_loops?.IsStuck ?? false);
            if (HasOwnTime && _time.GetElapsedTime(last) >= Pause)
            {
                last = _time.GetTimestamp();
                Tick();
            }

            if (_loops is null || idle > LooksBeforeSleep)
            {
                Sleep(last);
            }
            else
            {
                Thread.Sleep(_loops.Pause);
            }
        }
    }

    private TimeSpan Slow => new(Volatile.Read(ref _slowTicks));

    private TimeSpan Pause => Volatile.Read(ref _isAwake) == 1 ? Interval : Slow;

    private void Sleep(long last)
    {
        _wake.Reset();
        _sleeps = true;
        Interlocked.MemoryBarrier();

        // A leader that began to work before it could see the field is seen here.
        if (!_stops && _loops?.Look() != true)
        {
            TimeSpan rest = HasOwnTime ? Pause - _time.GetElapsedTime(last) : TimeSpan.MaxValue;
            rest = _heartbeat is { } heartbeat && heartbeat.Rest < rest ? heartbeat.Rest : rest;
            _wake.Wait(rest == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan : rest > TimeSpan.Zero ? rest : TimeSpan.Zero);
        }

        _sleeps = false;
    }
}

/// <summary>What the clock looks at.</summary>
internal interface IWatched
{
    /// <summary>Gets a value indicating whether something is at work whose time may be spent.</summary>
    bool IsBusy { get; }

    /// <summary>Looks at the time: of the handler that runs, or of the MTA that is silent.</summary>
    /// <param name="now">The timestamp.</param>
    void Look(long now);

    /// <summary>A look has failed.</summary>
    /// <param name="exception">How.</param>
    void LookFailed(Exception exception);
}
