using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Milter.Transport.Loops;

/// <summary>One loop over many connections: one thread leads, and hands the lead over when a handler blocks it.</summary>
/// <remarks>
/// The leader waits for events and handles them on its own thread, handlers included. When the clock sees that it is stuck, another thread, which was there before,
/// takes the lead with the events that were left; the stuck one finishes its own connection and goes to rest. So a handler that blocks
/// costs a thread, as it would anywhere, and stalls nobody else. Where no thread is to be had the lead stays where it is.
/// <para>Events are edge-triggered: whoever owns a connection reads until the kernel has no more.</para>
/// </remarks>
internal sealed class Loop : IDisposable
{
    private const uint Events = LoopEvent.Read | LoopEvent.PeerHangUp | LoopEvent.OnceAChange;

    private readonly LoopHost _host;
    private readonly object _lead = new();
    private readonly ConcurrentQueue<Connection> _posted = new();
    private readonly Stack<LoopBatch> _free = [];
    private volatile LoopWire?[] _wires = new LoopWire?[64];
    private volatile LoopBatch _batch = new();
    private volatile LoopThread? _leader;
    private volatile int _generation;
    private long _progress;
    private int _serial;
    private int _isWoken;

    // Who had the lead last, and goes on with its connection. Under the lock.
    private (Connection Connection, LoopThread Thread)? _departed;

    public Loop(LoopHost host, ILoopKernel kernel)
    {
        _host = host;
        Kernel = kernel;
        Threads = new LoopThreads(this, host);
    }

    /// <summary>Gets the connection whose event the leader handles, for the clock.</summary>
    public Connection? Current => _batch.Current;

    /// <summary>Gets a number that changes with each event that is handled.</summary>
    public long Progress => Volatile.Read(ref _progress);

    /// <summary>Gets a value indicating whether the leader handles an event rather than waits for one.</summary>
    public bool IsWorking => _batch.IsWorking;

    /// <summary>Gets the thread that leads; none while a new leader has not begun.</summary>
    public LoopThread? Leader => _leader;

    public ILoopKernel Kernel { get; }

    public LoopThreads Threads { get; }

    /// <summary>Gets or sets what takes connections when the kernel says that some wait; none on loops without a listener.</summary>
    public LoopAcceptor? Acceptor { get; set; }

    public uint NextSerial()
    {
        uint serial;
        do
        {
            serial = (uint)Interlocked.Increment(ref _serial);
        }
        while (serial is 0 or uint.MaxValue);

        return serial;
    }

    /// <summary>Starts the threads.</summary>
    public void Start() => Threads.Start();

    /// <summary>Takes a wire in; its first event may come before this returns.</summary>
    /// <exception cref="IOException">The kernel refuses.</exception>
    public void Add(LoopWire wire)
    {
        Set(wire.Descriptor, wire);
        int result = Kernel.Add(wire.Descriptor, Events, LoopEvent.DataOf(wire.Descriptor, wire.Serial));
        if (result < 0)
        {
            Set(wire.Descriptor, null);
            throw new IOException($"epoll_ctl failed with error {-result}");
        }
    }

    /// <summary>Lets the kernel tell also when a wire takes bytes again.</summary>
    public void TellWrites(LoopWire wire) => Kernel.Change(wire.Descriptor, Events | LoopEvent.Write, LoopEvent.DataOf(wire.Descriptor, wire.Serial));

    /// <summary>Forgets a wire, before its descriptor is closed.</summary>
    public void Remove(LoopWire wire) => Set(wire.Descriptor, null);

    /// <summary>Has a connection, which is owned by that, brought on by the leader.</summary>
    public void Post(Connection connection)
    {
        if (Threads.IsStopping)
        {
            // A handler that was left behind at the stop has returned.
            ThreadPool.UnsafeQueueUserWorkItem(connection, preferLocal: false);
            return;
        }

        _posted.Enqueue(connection);
        if (Interlocked.Exchange(ref _isWoken, 1) == 0)
        {
            Kernel.Wake();
        }
    }

    /// <summary>Finds who has lost the lead last and still goes on with its connection: the handlers that it enters next keep no loop, and are nobody's to see but the clock's.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="used">The processor time that the thread has used, in nanoseconds.</param>
    public bool TryFindDeparted([NotNullWhen(true)] out Connection? connection, out long used)
    {
        lock (_lead)
        {
            if (_departed is { Thread: var thread } departed && thread.Meter is { } meter && !ReferenceEquals(thread, _leader))
            {
                (connection, used) = (departed.Connection, meter.Used);
                return true;
            }

            // It rests, or leads again.
            _departed = null;
            (connection, used) = (null, -1);
            return false;
        }
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

    /// <summary>Gives the lead to another thread, if there is one.</summary>
    /// <param name="leader">The lead that is to be given away: nothing is done where it is another's by now.</param>
    public void HandOver(int leader)
    {
        lock (_lead)
        {
            if (leader != _generation || !Threads.TryTakeReserve(out LoopThread? reserve))
            {
                return;
            }

            _departed = _batch.Current is { } current && _leader is { } leads ? (current, leads) : null;
            LoopBatch rest = _free.TryPop(out LoopBatch? free) ? free : new LoopBatch();
            _batch.MoveRestTo(rest);
            _batch = rest;
            _leader = null;
            _generation = leader + 1;
            reserve.Promote(_generation);
        }
    }

    /// <summary>Leads: waits for events and handles them.</summary>
    /// <param name="generation">The lead that the thread was given.</param>
    /// <param name="thread">The thread.</param>
    public void Lead(int generation, LoopThread thread)
    {
        LoopBatch batch;
        lock (_lead)
        {
            if (_generation != generation)
            {
                // Lost before this thread was awake, and what was left with it.
                return;
            }

            batch = _batch;
            _leader = thread;
        }

        Handle(generation, thread, batch);
        lock (_lead)
        {
            batch.Current = null;
            _free.Push(batch);
        }
    }

    public void Dispose() => Threads.Stop();

    private void Handle(int generation, LoopThread thread, LoopBatch batch)
    {
        // What was posted and not handled when the lead was lost, by whoever had it.
        HandlePosted(generation, thread, batch);
        while (true)
        {
            // To the last event, also when the lead is lost meanwhile: an event that nobody handles is never told again.
            while (batch.TryTake(out LoopEvent next))
            {
                Volatile.Write(ref _progress, _progress + 1);
                if (next.Data == LoopEvent.Woken)
                {
                    HandlePosted(generation, thread, batch);
                }
                else
                {
                    Handle(next, thread, batch);
                }
            }

            if (_generation != generation || Threads.IsStopping)
            {
                return;
            }

            batch.IsWorking = false;
            batch.Wait(Kernel);
            Volatile.Write(ref _progress, _progress + 1);
            batch.IsWorking = true;

            // The clock says that it sleeps before it looks whether somebody works, and here it is the other way round: without this each may miss the other.
            Interlocked.MemoryBarrier();
            _host.Wake();
        }
    }

    private void Handle(LoopEvent next, LoopThread thread, LoopBatch batch)
    {
        if (next.Serial == 0)
        {
            Acceptor?.Accept();
            return;
        }

        // A descriptor's number may be another connection's by now: the serial tells.
        LoopWire?[] wires = _wires;
        if ((uint)next.Descriptor < (uint)wires.Length && Volatile.Read(ref wires[next.Descriptor]) is { } wire && wire.Serial == next.Serial)
        {
            batch.Current = wire.Connection;
            if (wire.TryClaim(next.Events))
            {
                wire.Connection!.Run(thread.Scratch);
            }
        }
    }

    private void HandlePosted(int generation, LoopThread thread, LoopBatch batch)
    {
        Interlocked.Exchange(ref _isWoken, 0);

        // Those that are there now: what is posted meanwhile, by one that has had its share, comes behind the events that wait.
        for (int left = _posted.Count; left > 0 && _generation == generation && _posted.TryDequeue(out Connection? connection); left--)
        {
            Volatile.Write(ref _progress, _progress + 1);
            batch.Current = connection;
            connection.Run(thread.Scratch);
        }
    }

    private void Set(int descriptor, LoopWire? wire)
    {
        lock (_lead)
        {
            LoopWire?[] wires = _wires;
            if (descriptor >= wires.Length)
            {
                Array.Resize(ref wires, Math.Max(descriptor + 1, 2 * wires.Length));
                _wires = wires;
            }

            Volatile.Write(ref wires[descriptor], wire);
        }
    }
}
