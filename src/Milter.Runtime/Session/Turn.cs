using System.Runtime.CompilerServices;

namespace Milter.Session;

/// <summary>One turn of a filter's code: the handlers of a step, a reset, a disposal. The only owner of who may end it, give notice meanwhile, or go on without it.</summary>
/// <remarks>
/// <para>
/// Idle, running (on the thread of the connection's owner) or suspended (a task is awaited); from either it may be <em>held</em> for a moment by somebody who cancels it
/// or writes to the MTA, and the end of the turn waits for that. So nothing that is written while it runs can come after its verdict. Each change is a compare-and-swap on one number, the turn's own
/// number above its state: who has looked at one turn can do nothing to the next.
/// </para>
/// <para>
/// Exactly one of two ends it: the owner, when the code has returned, or the clock, when its time is spent. Who expires a turn that runs owns the connection from then on;
/// the thread that comes back later finds that it owns nothing. An expired object is never used again: it is left to the late code.
/// </para>
/// </remarks>
/// <param name="settings">The session's settings.</param>
/// <param name="host">Is told when what is awaited has completed; at times also when it has not.</param>
internal sealed class Turn(SessionSettings settings, ISessionHost host)
{
    private const int Idle = 0, Running = 1, Suspended = 2, HeldRunning = 3, HeldSuspended = 4, Expired = 5, StateBits = 7;

    // Made when code is late: seldom.
    private TaskCompletionSource? _returned;
    private Action? _completed;
    private CancellationTokenSource? _source;
    private volatile bool _isCanceled;

    // Whether the code was seen to keep its thread from other work, and since when.
    private volatile bool _isStalled;
    private bool _isSeen;
    private long _stalledSince;
    private long _usedBefore;

    private long _state;

    /// <summary>Gets the stage whose code runs.</summary>
    public MilterStages Stage { get; private set; }

    /// <summary>Gets the timestamp from which the time counts: when the command could be read.</summary>
    public long Since { get; private set; }

    /// <summary>Gets or sets the timestamp of the last notice of progress. Changed while the turn is held.</summary>
    public long LastNotice { get; set; }

    /// <summary>Gets a number that stands for this turn and its state.</summary>
    public long Ticket => Volatile.Read(ref _state);

    /// <summary>Gets a value indicating whether code is at work, on the owner's thread or elsewhere.</summary>
    public bool IsActive => IsActiveIn(Ticket);

    /// <summary>Gets a value indicating whether its time was spent before its code returned.</summary>
    public bool IsExpired => StateOf(Ticket) == Expired;

    /// <summary>Gets a value indicating whether a task is awaited.</summary>
    public bool IsSuspended => StateOf(Ticket) is Suspended or HeldSuspended;

    /// <summary>Gets a value indicating whether the token of this turn, or of the one that has just ended, was fired.</summary>
    public bool WasCanceled => _isCanceled;

    /// <summary>Gets the task that is awaited; the last one that was, where none is.</summary>
    public Task? Pending { get; private set; }

    /// <summary>Gets what ends when the code of an expired turn returns at last.</summary>
    public Task Late => Pending ?? Returned.Task;

    /// <summary>Gets the token of this turn; made when code first takes it, and again only where the last one has fired.</summary>
    public CancellationToken Token
    {
        get
        {
            CancellationTokenSource source = LazyInitializer.EnsureInitialized(ref _source, () => new CancellationTokenSource(Timeout.InfiniteTimeSpan, settings.Time))!;
            if (_isCanceled)
            {
                // Taken after it was fired, by a binder perhaps.
                Fire(source);
            }

            return source.Token;
        }
    }

    private TaskCompletionSource Returned => LazyInitializer.EnsureInitialized(ref _returned, static () => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>Says whether the code had not given its thread back when the ticket was taken.</summary>
    public static bool HoldsThreadIn(long ticket) => StateOf(ticket) is Running or HeldRunning;

    public static bool IsActiveIn(long ticket) => StateOf(ticket) is > Idle and < Expired;

    /// <summary>Says whether no code was at work, nor had any been left behind with nobody going on yet, when the ticket was taken.</summary>
    public static bool IsIdleIn(long ticket) => StateOf(ticket) == Idle;

    public void Begin(MilterStages stage, long since)
    {
        Stage = stage;
        Since = since;
        LastNotice = since;
        Pending = null;
        _isCanceled = false;
        _isStalled = false;
        Volatile.Write(ref _state, (Ticket | StateBits) + 1 + Running);
    }

    /// <summary>Says that the code has given the thread back and goes on elsewhere.</summary>
    /// <param name="pending">Its task.</param>
    /// <returns><see langword="false"/> when the clock was first: the caller owns nothing any more.</returns>
    public bool TrySuspend(Task pending)
    {
        Pending = pending;
        GiveThreadBack();
        if (!Leave(Suspended))
        {
            pending.ContinueWith(static (_, source) => ((TaskCompletionSource)source!).TrySetResult(), Returned, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return false;
        }

        pending.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_completed ??= host.TurnCompleted);
        return true;
    }

    /// <summary>Ends the turn because its code has returned.</summary>
    /// <returns><see langword="false"/> when the clock was first: the caller owns nothing any more.</returns>
    public bool TryEnd()
    {
        GiveThreadBack();
        if (!Leave(Idle))
        {
            Returned.TrySetResult();
            return false;
        }

        if (_isCanceled)
        {
            // Its callbacks may still be running: it is left to the garbage collector.
            _source = null;
        }

        return true;
    }

    /// <summary>Keeps the turn from ending for a moment, to write to the MTA or to cancel it. No code of the filter is called meanwhile.</summary>
    /// <param name="ticket">The turn that was looked at.</param>
    /// <returns><see langword="false"/> when it has ended. Otherwise <see cref="Release"/> has to follow.</returns>
    public bool TryHold(long ticket)
    {
        SpinWait spin = default;
        while (true)
        {
            long state = Ticket;
            if ((state | StateBits) != (ticket | StateBits))
            {
                return false;
            }

            switch (StateOf(state))
            {
                case Running or Suspended:
                    if (Interlocked.CompareExchange(ref _state, state + HeldRunning - Running, state) == state)
                    {
                        return true;
                    }

                    break;
                case HeldRunning or HeldSuspended:
                    Pause.Once(ref spin);
                    break;
                default:
                    return false;
            }
        }
    }

    public void Release() => Interlocked.Add(ref _state, Running - HeldRunning);

    /// <summary>Ends the turn because its time is spent. The caller owns the connection from now on where the code holds its thread.</summary>
    /// <param name="ticket">The turn that was looked at, in its state.</param>
    /// <returns><see langword="false"/> when the turn has changed meanwhile.</returns>
    public bool TryExpire(long ticket)
    {
        return StateOf(ticket) is Running or Suspended && Interlocked.CompareExchange(ref _state, ticket - StateOf(ticket) + Expired, ticket) == ticket;
    }

    /// <summary>Fires the token, once. What handlers have registered runs elsewhere, so that it can't keep the caller.</summary>
    /// <param name="ticket">The turn that is meant.</param>
    public void Cancel(long ticket)
    {
        if (_isCanceled || !TryHold(ticket))
        {
            return;
        }

        _isCanceled = true;
        Interlocked.MemoryBarrier();
        if (_source is { } source)
        {
            Fire(source);
        }

        Release();
    }

    /// <summary>Says that the code keeps its thread from other work. How long it does is told when it gives it back.</summary>
    /// <param name="isSeen">Whether that was seen, and is not only expected of it.</param>
    /// <param name="used">The processor time that its thread has used, in nanoseconds; negative where it is not known.</param>
    /// <returns><see langword="false"/> when that was known, or it has given it back.</returns>
    public bool TryNoteStall(bool isSeen, long used)
    {
        if (_isStalled || !HoldsThreadIn(Ticket))
        {
            return false;
        }

        _isSeen = isSeen;
        _usedBefore = used;
        _stalledSince = settings.Time.GetTimestamp();
        _isStalled = true;
        return true;
    }

    public override string ToString() => $"{Ticket >> 3} of {Stage}: {StateOf(Ticket) switch { Idle => "idle", Running => "running", Suspended => "suspended", Expired => "expired", _ => "held" }}";

    private static int StateOf(long ticket) => (int)ticket & StateBits;

    private static void Fire(CancellationTokenSource source) =>
        _ = source.CancelAsync().ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void GiveThreadBack()
    {
        if (_isStalled)
        {
            EndStall();
        }

        settings.Stages.NoteReturned(Stage);
    }

    private void EndStall()
    {
        _isStalled = false;
        long before = _usedBefore, used = before >= 0 ? host.ThreadTime : -1;
        if (used >= 0 && used < before)
        {
            // Noted of a thread that had just let go of the connection, and not of this one.
            return;
        }

        // On the thread of the code, which has just returned: more than half of the time on a processor is work, not waiting.
        TimeSpan kept = settings.Time.GetElapsedTime(_stalledSince);
        bool hasComputed = used >= 0 && (used - before) * 2 > kept.Ticks * TimeSpan.NanosecondsPerTick;
        settings.Stages.Ended(Stage, new Stall(kept, _isSeen, hasComputed), settings.Observer);
    }

    // Whoever holds it lets go soon: it writes what the kernel takes at once, or fires a token.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Leave(int to)
    {
        long state = Ticket;
        return (StateOf(state) == Running && Interlocked.CompareExchange(ref _state, state - Running + to, state) == state) || LeaveAtLast(to);
    }

    private bool LeaveAtLast(int to)
    {
        SpinWait spin = default;
        while (true)
        {
            long state = Ticket;
            int from = StateOf(state);
            switch (from)
            {
                case Running or Suspended:
                    if (Interlocked.CompareExchange(ref _state, state - from + to, state) == state)
                    {
                        return true;
                    }

                    break;
                case HeldRunning or HeldSuspended:
                    Pause.Once(ref spin);
                    break;
                default:
                    return false;
            }
        }
    }
}
