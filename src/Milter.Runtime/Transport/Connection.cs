using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Milter.Output;
using Milter.Protocol;
using Milter.Session;
using Milter.Telemetry;
using Milter.Transport.Loops;
using Milter.Transport.Wire;

namespace Milter.Transport;

/// <summary>One MTA's connection, over whatever wire: reads, lets the conversation work, and writes all that is owed in one write.</summary>
/// <remarks>
/// <para>
/// It has one owner at a time. Whoever has something to tell sets a signal; who finds nobody at work is the owner, and acts until no signal is left. So what came while somebody was at work is never lost,
/// and nobody waits for anybody.
/// </para>
/// <para>
/// The owner lets go while a handler is suspended; whose turn it is may be held by the clock for a notice. The clock takes the connection where a turn's time is spent: the turn's state says
/// who owns it, and there is no other number or lock to get wrong. Who comes back from a handler and finds its turn expired owns nothing, and leaves its buffer.
/// </para>
/// </remarks>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "Ends by itself, and disposes of what it has then.")]
internal sealed class Connection : ISessionHost, IWatched, IThreadPoolWorkItem
{
    // What is read and written at a time before others have their turn.
    private const long Share = 1 << 20;

    private readonly IConnectionOwner _owner;
    private readonly SessionSettings _settings;
    private readonly IWire _wire;
    private readonly Outbox _outbox;
    private readonly Inbox _inbox;
    private Silence _silence;
    private TurnWatch _watch;
    private TaskCompletionSource? _ended;
    private int _signals;
    private volatile State _state;
    private ConnectionEnd _end;

    // What the conversation works on at present: its rest is what goes on when the clock takes over.
    private ReadOnlyMemory<byte> _input;

    public Connection(IConnectionOwner owner, SessionSettings settings, IWire wire, string id, object peer)
    {
        _owner = owner;
        _settings = settings;
        _wire = wire;
        _outbox = new Outbox(settings.Options.MaxBufferedOutput, settings.Limits.Memory);
        _inbox = new Inbox(settings.Limits.Memory);
        Conversation = new Conversation(settings, this, _outbox, id, peer);
        _silence.BeginAnew(settings);
    }

    [Flags]
    private enum State
    {
        None = 0,

        /// <summary>There may be something to read.</summary>
        CanRead = 1,

        /// <summary>What is kept of the input has not been looked at.</summary>
        HasInput = 2,

        /// <summary>The connection ends as soon as no command is pending.</summary>
        EndsAtRest = 4,

        /// <summary>The wire is closed, and the filter is told.</summary>
        Ending = 8,

        /// <summary>All is over.</summary>
        Ended = 16,
    }

    public Conversation Conversation { get; }

    public string Id => Conversation.Context.ConnectionId;

    /// <summary>Gets what completes when the connection is closed and the session's last handlers have run, or are left behind. Never faults.</summary>
    public Task Ended
    {
        get
        {
            TaskCompletionSource ended = LazyInitializer.EnsureInitialized(ref _ended, static () => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            if (Has(State.Ended))
            {
                // It may have ended before there was anybody to tell.
                ended.TrySetResult();
            }

            return ended.Task;
        }
    }

    public bool IsBusy
    {
        get
        {
            // A turn begins and ends while somebody is at work: only where it is the same before and after is nobody at work between two turns.
            Turn turn = Conversation.Turn;
            long ticket = turn.Ticket;
            return !Turn.IsIdleIn(ticket) || Volatile.Read(ref _signals) != 0 || turn.Ticket != ticket || !ReferenceEquals(turn, Conversation.Turn);
        }
    }

    /// <summary>Gets the bytes that the peer has not taken; a look from outside, which may be wrong by the time it is used.</summary>
    public long Unsent => _outbox.Unsent;

    /// <summary>Starts to serve the connection.</summary>
    public void Start() => _wire.Start(this);

    /// <summary>Says what has happened; where nobody is at work, the wire brings somebody. Any thread may call it.</summary>
    public void Signal(Signals what)
    {
        if (TryClaim(what))
        {
            _wire.Schedule(this);
        }
    }

    /// <summary>Says what has happened.</summary>
    /// <returns>Whether the caller owns the connection from now on, and has to call <see cref="Run"/> or have it called.</returns>
    public bool TryClaim(Signals what)
    {
        if ((what & Signals.HangUp) != 0)
        {
            // The owner may be kept by the very handler whose token this fires.
            Conversation.PeerGone();
        }

        return (Interlocked.Or(ref _signals, (int)(what | Signals.Owned)) & (int)Signals.Owned) == 0;
    }

    /// <summary>Acts as the owner until no signal is left, or the connection is somebody else's.</summary>
    /// <param name="scratch">The caller's buffer.</param>
    public void Run(Scratch scratch)
    {
        _owner.Wake();
        try
        {
            while (true)
            {
                var signals = (Signals)Interlocked.Exchange(ref _signals, (int)Signals.Owned);
                if (!Act(signals, scratch))
                {
                    return;
                }

                if (Interlocked.CompareExchange(ref _signals, 0, (int)Signals.Owned) == (int)Signals.Owned)
                {
                    return;
                }
            }
        }
#pragma warning disable CA1031 // One connection's fault, ours or the filter's, must not end the thread of all others.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fail(e);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        Scratch scratch = Scratch.Rent();
        Run(scratch);
        Scratch.Return(scratch);
    }

    /// <summary>Ends the SMTP session at its next MAIL or RCPT, or, where no message is open, after a silence that begins now. Any thread may call it.</summary>
    public void BeginDrain()
    {
        _silence.BeginAnew(_settings);
        Conversation.BeginDrain();
    }

    /// <summary>Fires the token of the handler that runs, and cuts the connection.</summary>
    public void Abort()
    {
        Conversation.PeerGone();
        _wire.Cut();
        Signal(Signals.EndAtRest);
    }

    public void Look(long now)
    {
        Turn turn = Conversation.Turn;
        long ticket = turn.Ticket;
        if (Turn.IsActiveIn(ticket))
        {
            _watch.Look(this, _settings, turn, ticket, now);
        }
        else if (Volatile.Read(ref _signals) == 0 && _silence.IsOver(_settings, Conversation, _outbox, now))
        {
            Signal(Signals.Silence);
        }
    }

    public void LookFailed(Exception exception)
    {
        TransportLog.ConnectionFailed(_settings.Logger, exception, Id, Conversation.Context.Peer);
        _wire.Cut();
    }

    /// <summary>Writes whole frames at once, behind all that is owed. Called by whoever holds the turn that runs.</summary>
    public void SendNow(ReadOnlySpan<byte> frames)
    {
        _outbox.Writer.Write(frames);
        Flush();
    }

    /// <summary>Goes on without handlers whose turn has just expired. On the clock's thread, which runs no handler.</summary>
    /// <param name="isBlocked">Whether they keep the thread of the owner, so that the caller is the owner now.</param>
    public void GoOnWithout(bool isBlocked)
    {
        if (isBlocked)
        {
            TransportLog.OwnerReplaced(_settings.Logger, Id);
        }

        if (isBlocked || TryClaim(Signals.Turn))
        {
            GoOnWithoutHandlers();
        }
    }

    void ISessionHost.BeforeBlocking() => _owner.BeforeBlocking();

    long ISessionHost.ThreadTime => OperatingSystem.IsLinux() ? LinuxThread.Used : -1;

    void ISessionHost.TurnCompleted() => Signal(Signals.Turn);

    private bool Has(State state) => (_state & state) != 0;

    // Returns whether the caller still owns the connection.
    private bool Act(Signals signals, Scratch scratch)
    {
        if ((signals & (Signals.Read | Signals.HangUp)) != 0)
        {
            _state |= State.CanRead;
        }

        if ((signals & Signals.EndAtRest) != 0)
        {
            _state |= State.EndsAtRest;
        }

        Turn turn = Conversation.Turn;
        SessionStatus status;
        if (turn.IsExpired)
        {
            status = Expire();
        }
        else if (Conversation.CanResume)
        {
            status = Resume();
        }
        else if (turn.IsActive)
        {
            FlushInTurn(turn);
            return true;
        }
        else if (Has(State.Ending))
        {
            Finish();
            return false;
        }
        else if (_silence.EndsFor(_settings, Conversation, _outbox, signals) is { } end)
        {
            return End(end);
        }
        else
        {
            status = Conversation.IsClosed ? SessionStatus.Closed : SessionStatus.NeedMore;
        }

        return GoOn(status, scratch);
    }

    // Reads and handles until there is no more. Returns whether the caller still owns the connection.
    private bool GoOn(SessionStatus status, Scratch scratch)
    {
        long share = Share;
        _outbox.Borrow(ref scratch.Output);
        while (true)
        {
            switch (status)
            {
                case SessionStatus.Deposed:
                    // What late handlers look at is theirs.
                    scratch.Lend();
                    return false;
                case SessionStatus.Suspended when Conversation.CanResume:
                    status = Resume();
                    continue;
                case SessionStatus.Suspended:
                    FlushInTurn(Conversation.Turn);
                    return true;
                case SessionStatus.Closed when Has(State.Ending):
                    Finish();
                    return false;
                case SessionStatus.Closed:
                    _outbox.Flush(_wire);
                    return End(ConnectionEnd.Session);
            }

            // Nothing is read of a peer that does not listen; the wire tells when it takes bytes again.
            OutboxState owed = Flush(share);
            if (owed == OutboxState.Waits)
            {
                return RestsAfter(scratch);
            }

            if (owed == OutboxState.HasMore || share <= 0)
            {
                _wire.Schedule(this);
                return false;
            }

            if (Has(State.HasInput))
            {
                _state &= ~State.HasInput;
                status = Process(_inbox.Unread, scratch, isKept: true, _settings.Time.GetTimestamp());
                continue;
            }

            if (!Has(State.CanRead))
            {
                return RestsAfter(scratch);
            }

            Memory<byte> room = _inbox.Room(scratch.Array, out int kept);
            int read = _wire.TryRead(room.Span, out bool isDrained);
            if (isDrained)
            {
                _state &= ~State.CanRead;
            }

            if (read > 0)
            {
                share -= read;
                long now = _silence.Touch(_settings, Conversation);
                if (_inbox.IsEmpty)
                {
                    status = Process(scratch.Array.AsMemory(0, kept + read), scratch, isKept: false, now);
                }
                else
                {
                    _inbox.Commit(read);
                    status = Process(_inbox.Unread, scratch, isKept: true, now);
                }

                continue;
            }

            if (read != IWire.Nothing)
            {
                return End(read == IWire.Reset ? ConnectionEnd.PeerReset : kept == 0 && _inbox.IsEmpty ? ConnectionEnd.PeerClosed : ConnectionEnd.PeerClosedInFrame);
            }

            _inbox.Keep(scratch.Array.AsSpan(0, kept));
        }
    }

    private SessionStatus Process(ReadOnlyMemory<byte> input, Scratch scratch, bool isKept, long now)
    {
        ExecutionContext? context = ExecutionContext.Capture();
        _input = input;
        SessionStatus status = Conversation.Process(input, now);
        if (status == SessionStatus.Deposed)
        {
            return status;
        }

        _input = default;
        Restore(context);
        int used = Conversation.Consumed;
        if (isKept)
        {
            _inbox.Consume(used);
        }
        else if (status == SessionStatus.Suspended && Conversation.BorrowsInput)
        {
            _inbox.KeepLent(scratch.Lend(), used, input.Length);
        }
        else
        {
            _inbox.Keep(input.Span[used..]);
        }

        if (status != SessionStatus.NeedMore)
        {
            _state |= State.HasInput;
        }
        else if (_outbox.IsEmpty)
        {
            _wire.Acknowledge();
        }

        return status;
    }

    private SessionStatus Resume()
    {
        ExecutionContext? context = ExecutionContext.Capture();
        SessionStatus status = Conversation.Resume();
        if (status == SessionStatus.Expired)
        {
            return Expire();
        }

        if (status != SessionStatus.Deposed)
        {
            Restore(context);
            _silence.Touch(_settings, Conversation);
        }

        return status;
    }

    // A handler may have left an AsyncLocal behind, which must not reach another session.
    private static void Restore(ExecutionContext? context)
    {
        if (context is not null && !ReferenceEquals(context, ExecutionContext.Capture()))
        {
            ExecutionContext.Restore(context);
        }
    }

    // Goes on without handlers whose time is spent; calls none. Whatever they still look at is left to them.
    private SessionStatus Expire()
    {
        _inbox.Replace(_input.IsEmpty ? _inbox.Unread.Span : _input.Span[Conversation.Consumed..]);
        _input = default;
        _state |= State.HasInput;
        _silence.Touch(_settings, Conversation);
        return Conversation.Expire();
    }

    private bool RestsAfter(Scratch scratch)
    {
        if (Has(State.EndsAtRest))
        {
            return End(ConnectionEnd.Stopping);
        }

        _outbox.Return(ref scratch.Output);
        return true;
    }

    private OutboxState Flush(long share = long.MaxValue)
    {
        long unsent = _outbox.Unsent;
        OutboxState owed = _outbox.Flush(_wire, share);
        if (owed != OutboxState.Empty && _outbox.Unsent != unsent)
        {
            _silence.Touch(_settings, Conversation);
        }

        return owed;
    }

    private void FlushInTurn(Turn turn)
    {
        if (!_outbox.IsEmpty && turn.TryHold(turn.Ticket))
        {
            Flush();
            turn.Release();
        }
    }

    // The verdict goes out, and somebody else does the rest.
    private void GoOnWithoutHandlers()
    {
        try
        {
            if (Conversation.Turn.IsExpired)
            {
                Expire();
            }

            if (!Has(State.Ending))
            {
                Flush();
            }
        }
#pragma warning disable CA1031 // As in Run.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fail(e);
            return;
        }

        _wire.Schedule(this);
    }

    /// <summary>Closes the wire, then lets the conversation tell the filter.</summary>
    /// <returns>Whether the caller still owns the connection.</returns>
    private bool End(ConnectionEnd end)
    {
        _state |= State.Ending;
        _end = end;
        _wire.Close();
        _outbox.Dispose();
        _inbox.Release();
        switch (Conversation.End(isLost: end != ConnectionEnd.Session))
        {
            case SessionStatus.Suspended:
                return true;
            case SessionStatus.Deposed:
                return false;
            default:
                Finish();
                return false;
        }
    }

    private void Fail(Exception exception)
    {
        TransportLog.ConnectionFailed(_settings.Logger, exception, Id, Conversation.Context.Peer);
        try
        {
            if (Conversation.Turn.IsActive)
            {
                // Whoever comes back finds the wire cut.
                _state |= State.CanRead | State.EndsAtRest;
                _wire.Cut();
                Interlocked.And(ref _signals, ~(int)Signals.Owned);
                return;
            }

            if (!Has(State.Ending))
            {
                if (End(ConnectionEnd.Failed))
                {
                    Interlocked.And(ref _signals, ~(int)Signals.Owned);
                }

                return;
            }
        }
#pragma warning disable CA1031 // It has been told, and there is nothing left to try.
        catch (Exception)
#pragma warning restore CA1031
        {
            _wire.Cut();
        }

        Finish();
    }

    private void Finish()
    {
        if (Has(State.Ended))
        {
            return;
        }

        TransportLog.ConnectionClosed(_settings.Logger, Id, _end);
        _owner.Ended(this);
        _state |= State.Ended;
        Interlocked.MemoryBarrier();
        Volatile.Read(ref _ended)?.TrySetResult();
    }
}
