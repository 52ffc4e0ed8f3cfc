using System.Net.Sockets;
using Milter.Session;
using Milter.Telemetry;

namespace Milter.Transport.Epoll;

/// <content>Handlers that run or are suspended, and what others do with the connection: the watchdog, draining, a forced stop.</content>
internal sealed partial class EpollConnection
{
    // Under the gate, but for reads that only ask whether it is worth a look.
    private volatile Phase _phase;
    private int _owner;
    private Held _held;
    private ReadOnlyMemory<byte> _input;
    private long _since;
    private ConnectionEnd? _endedBy;
    private volatile bool _endsWhenAnswered;
    private bool _resumes;
    private volatile bool _hasEnded;

    // The loop's thread that owns the connection; none while it is owned on a thread of the pool.
    private LoopThread? _thread;

    private enum Phase
    {
        Quiet,

        /// <summary>The session works, and perhaps a handler in it.</summary>
        Running,

        /// <summary>A handler is awaited.</summary>
        Suspended,

        Ended,
    }

    public bool IsBusy => _phase is Phase.Running or Phase.Suspended || (_phase == Phase.Ended && !_hasEnded);

    public void BeginDrain() => _session.BeginDrain();

    /// <summary>A handler has kept the loop from its work: the stage is noted, and handed over before it is entered when it was caught again and again.</summary>
    public void NoteStall() => _session.NoteStall();

    /// <summary>A handler is about to run that has blocked before: somebody else takes the loop.</summary>
    public void BeforeBlocking() => _thread?.HandOver();

    public void Watch()
    {
        if (IsBusy)
        {
            WatchHandler();
        }
        else if (_phase == Phase.Quiet && _settings.Time.GetElapsedTime(Volatile.Read(ref _since)) >= _settings.IdleTimeout)
        {
            _endedBy = ConnectionEnd.Idle;
            Cut();
        }
    }

    public void EndWhenAnswered()
    {
        _endsWhenAnswered = true;
        Thread.MemoryBarrier();
        if (Volatile.Read(ref _token) == Idle)
        {
            _endedBy ??= ConnectionEnd.Stopping;
            Cut();
        }
    }

    public void Fail(Exception e)
    {
        MilterLog.ConnectionFailed(_settings.Logger, e, Id, Peer);
        _endedBy = ConnectionEnd.Failed;
        _endsWhenAnswered = true;
        Cut();
    }

    public void Abort()
    {
        _endedBy = ConnectionEnd.Stopping;
        _endsWhenAnswered = true;
        _session.PeerGone();
        Cut();
    }

    private SessionStatus Run(ReadOnlyMemory<byte> input, out int used)
    {
        int owner = BeginRun(input);
        SessionStatus status = _session.Process(input, out used);
        return EndRun(owner) ? status : SessionStatus.Deposed;
    }

    private int BeginRun(ReadOnlyMemory<byte> input)
    {
        int owner;
        lock (this)
        {
            owner = _owner;
            _input = input;
            _resumes = false;
            _phase = Phase.Running;
        }

        _watchdog.Wake();
        return owner;
    }

    /// <returns><see langword="false"/> when the watchdog has made somebody else the owner.</returns>
    private bool EndRun(int owner)
    {
        lock (this)
        {
            if (_owner != owner)
            {
                return false;
            }

            _phase = Phase.Quiet;
            return true;
        }
    }

    // The token goes with the handler: whoever resumes owns the connection.
    private void Suspend(Held held)
    {
        Flush();
        Task pending = _session.Pending;
        int owner;
        lock (this)
        {
            _held = held;
            _phase = Phase.Suspended;
            owner = _owner;
        }

        if (_hangsUp)
        {
            _session.PeerGone();
        }

        _watchdog.Wake();
        pending.ContinueWith(static (_, state) => ((Resumption)state!).Run(), new Resumption(this, owner), CancellationToken.None, TaskContinuationOptions.DenyChildAttach, TaskScheduler.Default);
    }

    // The handler has returned, on a thread of the pool.
    private void Resume(int owner)
    {
        Held held;
        lock (this)
        {
            if (_owner != owner || _phase != Phase.Suspended)
            {
                return;
            }

            held = _held;
            _held = default;
            _input = held.Rest;
            _resumes = true;
            _phase = Phase.Running;
        }

        SessionStatus status = _session.Resume();
        if (EndRun(owner))
        {
            GoOn(status, held);
        }
    }

    // Goes on as the owner on a thread of the pool, first with what the buffer still has.
    private void GoOn(SessionStatus status, Held held)
    {
        using var thread = new LoopThread(_loop);
        _thread = null;
        try
        {
            if (status == SessionStatus.Suspended)
            {
                Suspend(held);
                return;
            }

            held.Rest.Span.CopyTo(thread.Buffer.Array);
            int length = held.Rest.Length;
            held.Release();
            Flush();
            if (status == SessionStatus.Closed)
            {
                End(ConnectionEnd.Session);
                return;
            }

            if (!Work(thread, 0, length))
            {
                return;
            }
        }
#pragma warning disable CA1031 // As in the loop.
        catch (Exception e)
#pragma warning restore CA1031
        {
            MilterLog.ConnectionFailed(_settings.Logger, e, Id, Peer);
            End(ConnectionEnd.Failed);
            return;
        }

        Own(thread);
    }

    private void WatchHandler()
    {
        Held held;
        lock (this)
        {
            if (!IsBusy || !_session.Watch())
            {
                return;
            }

            // Whenever the late handler returns, whoever ran it sees that the connection is somebody else's. Its buffer is left to it.
            bool isSuspended = _phase == Phase.Suspended;
            held = Held.Copy(isSuspended ? _held.Rest : _input[(_resumes ? 0 : _session.DeposedAt)..]);
            _held = default;
            _thread = null;
            _owner++;
            _phase = Phase.Quiet;
        }

        MilterLog.OwnerReplaced(_settings.Logger, Id);
        ThreadPool.UnsafeQueueUserWorkItem(static state => state.Connection.GoOn(SessionStatus.NeedMore, state.Held), (Connection: this, Held: held), preferLocal: false);
    }

    /// <summary>Closes the socket, then lets the session tell the filter.</summary>
    private void End(ConnectionEnd end)
    {
        lock (this)
        {
            if (_phase == Phase.Ended)
            {
                return;
            }

            _phase = Phase.Ended;
            _end = _endedBy ?? end;
            _unsent.Dispose();
            _cannotSend = true;
        }

        _loop.Remove(this);
        Cut();
        _socket.Dispose();
        ReleasePartial();
        _ = FinishAsync();
    }

    private async Task FinishAsync()
    {
        try
        {
            await _session.EndAsync(connectionLost: _end != ConnectionEnd.Session).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Told; nobody waits who could do more.
        catch (Exception e)
#pragma warning restore CA1031
        {
            MilterLog.ConnectionFailed(_settings.Logger, e, Id, Peer);
        }

        MilterLog.ConnectionClosed(_settings.Logger, Id, _end);
        _onEnded(this);
        _hasEnded = true;
        Thread.MemoryBarrier();
        Volatile.Read(ref _ended)?.TrySetResult();
    }

    private void Cut()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has ended already.
        }
    }

    private sealed record Resumption(EpollConnection Connection, int Owner)
    {
        public void Run() => Connection.Resume(Owner);
    }

    /// <summary>A buffer that handlers may look at, with what of it the session has not yet seen.</summary>
    private readonly record struct Held(ReadBuffer? Buffer, int Start, int End)
    {
        private readonly byte[]? _copy;

        private Held(byte[] copy)
            : this(null, 0, copy.Length) => _copy = copy;

        public ReadOnlyMemory<byte> Rest => Buffer is null ? _copy : Buffer.Array.AsMemory(Start, End - Start);

        public static Held Copy(ReadOnlyMemory<byte> rest) => new(rest.ToArray());

        public void Release()
        {
            if (Buffer is not null)
            {
                ReadBuffer.Return(Buffer);
            }
        }
    }
}
