namespace Milter.Transport.Epoll;

/// <summary>One loop over many connections: one thread leads, and hands the lead over when a handler blocks it.</summary>
/// <remarks>
/// The leader waits for events and handles them on its own thread, handlers included. When the stall watch sees that it is stuck, a spare thread
/// takes the lead with the events that were left; the stuck one finishes its own connection and becomes a spare. So a handler that blocks
/// costs a thread, as it would anywhere, and stalls nobody else.
/// <para>Events are edge-triggered: whoever owns a connection reads until the kernel has no more, or re-arms it.</para>
/// </remarks>
internal sealed class EpollLoop : IDisposable
{
    private const int Stop = -1;
    private const int MostSpares = 64;
    private const uint Events = EpollNative.In | EpollNative.PeerHangUp | EpollNative.EdgeTriggered;

    private readonly int _epoll = EpollNative.Create();
    private readonly int _signal = EpollNative.CreateSignal();
    private readonly object _lead = new();
    private readonly SemaphoreSlim _promotion = new(0);
    private readonly StallWatch _watch;
    private volatile EpollConnection?[] _connections = new EpollConnection?[64];
    private volatile EpollBatch _batch = new();

    // Batches of leads that are over.
    private readonly Stack<EpollBatch> _free = [];
    private volatile ThreadMeter? _leader;
    private volatile int _generation;
    private volatile bool _stops;
    private long _progress;
    private int _spares;
    private readonly Queue<int> _promoted = [];
    private int _threads;

    public EpollLoop(StallWatch watch)
    {
        _watch = watch;
        StartThread(0);
    }

    /// <summary>Gets the connection whose event the leader handles, for the stall watch.</summary>
    public EpollConnection? Current => _batch.Current;

    /// <summary>Gets a number that changes with each event that is handled.</summary>
    public long Progress => Volatile.Read(ref _progress);

    /// <summary>Gets a value indicating whether the leader handles an event rather than waits for one.</summary>
    public bool IsWorking => _batch.IsWorking;

    /// <summary>Gets the meter of the leader's thread; none while a new leader has not begun.</summary>
    public ThreadMeter? Leader => _leader;

    /// <summary>Takes a connection in; its first event may come before this returns.</summary>
    public void Add(EpollConnection connection)
    {
        Set(connection.Descriptor, connection);
        if (EpollNative.Control(_epoll, EpollNative.Add, connection.Descriptor, Events, connection.Descriptor) != 0)
        {
            throw new IOException($"epoll_ctl failed with {System.Runtime.InteropServices.Marshal.GetLastSystemError()}");
        }
    }

    /// <summary>Lets the kernel tell also when a connection takes bytes again.</summary>
    public void TellWrites(EpollConnection connection) =>
        _ = EpollNative.Control(_epoll, EpollNative.Modify, connection.Descriptor, Events | EpollNative.Out, connection.Descriptor);

    /// <summary>Forgets a connection, before its descriptor is closed.</summary>
    public void Remove(EpollConnection connection)
    {
        _ = EpollNative.Control(_epoll, EpollNative.Delete, connection.Descriptor, 0, 0);
        Set(connection.Descriptor, null);
    }

    /// <summary>Gives the lead to another thread, because the leader has blocked.</summary>
    /// <param name="progress">Where the loop stood when it was found to be stuck; nothing is done where it has moved.</param>
    public void HandOverStuck(long progress)
    {
        lock (_lead)
        {
            if (IsWorking && Progress == progress)
            {
                HandOver(_generation);
            }
        }
    }

    /// <summary>Gives the lead to another thread, because the caller's is about to block.</summary>
    /// <param name="leader">The lead that the caller has, or had: nothing is done where it has lost it.</param>
    public void HandOver(int leader)
    {
        lock (_lead)
        {
            if (_stops || leader != _generation)
            {
                return;
            }

            int generation = leader + 1;
            EpollBatch rest = _free.TryPop(out EpollBatch? free) ? free : new EpollBatch();
            _batch.MoveRestTo(rest);
            _batch = rest;
            _leader = null;
            _generation = generation;
            if (_spares > 0)
            {
                _spares--;
                _promoted.Enqueue(generation);
                _promotion.Release();
            }
            else
            {
                StartThread(generation);
            }
        }
    }

    public void Dispose()
    {
        lock (_lead)
        {
            if (_stops)
            {
                return;
            }

            _stops = true;
            if (_spares > 0)
            {
                _promotion.Release(_spares);
            }
        }

        // The leader sleeps in the kernel: an event that is always there wakes it.
        _ = EpollNative.Control(_epoll, EpollNative.Add, _signal, EpollNative.In, Stop);
    }

    private void Set(int descriptor, EpollConnection? connection)
    {
        lock (_lead)
        {
            EpollConnection?[] connections = _connections;
            if (descriptor >= connections.Length)
            {
                Array.Resize(ref connections, Math.Max(descriptor + 1, 2 * connections.Length));
                _connections = connections;
            }

            Volatile.Write(ref connections[descriptor], connection);
        }
    }

    private void StartThread(int generation)
    {
        _threads++;
        new Thread(Run, 256 * 1024) { IsBackground = true, Name = "milter loop" }.UnsafeStart(generation);
    }

    private void Run(object? start)
    {
        int generation = (int)start!;
        using var thread = new LoopThread(this);
        using var meter = new ThreadMeter();
        while (true)
        {
            EpollBatch? handled = Lead(generation, thread, meter);
            lock (_lead)
            {
                Recycle(handled);
                if (_stops || _spares >= MostSpares)
                {
                    break;
                }

                _spares++;
            }

            _promotion.Wait();
            lock (_lead)
            {
                if (_stops)
                {
                    break;
                }

                generation = _promoted.Dequeue();
            }
        }

        Leave();
    }

    private void Recycle(EpollBatch? handled)
    {
        if (handled is not null)
        {
            handled.Current = null;
            _free.Push(handled);
        }
    }

    // The last thread out closes the door.
    private void Leave()
    {
        lock (_lead)
        {
            if (--_threads > 0)
            {
                return;
            }
        }

        EpollNative.Close(_signal);
        EpollNative.Close(_epoll);
    }

    // Returns its batch, all of which is handled, when the lead is lost or the loop stops.
    private EpollBatch? Lead(int generation, LoopThread thread, ThreadMeter meter)
    {
        thread.Generation = generation;
        EpollBatch batch;
        lock (_lead)
        {
            if (_generation != generation)
            {
                // Lost before this thread was awake, and what was left with it.
                return null;
            }

            batch = _batch;
            _leader = meter;
        }
        while (true)
        {
            // To the last event, also when the lead is lost meanwhile: an event that nobody handles is never told again.
            while (batch.TryTake(out uint events, out int descriptor))
            {
                Volatile.Write(ref _progress, _progress + 1);
                if (descriptor != Stop && Volatile.Read(ref _connections[descriptor]) is { } connection)
                {
                    batch.Current = connection;
                    connection.OnEvent(events, thread);
                }
            }

            if (_generation != generation || _stops)
            {
                return batch;
            }

            batch.IsWorking = false;
            batch.Wait(_epoll);
            Volatile.Write(ref _progress, _progress + 1);
            batch.IsWorking = true;
            _watch.Wake();
        }
    }
}
