namespace Milter.Session;

/// <summary>One run of a step's handlers after the other: who may end it, and when its time is up.</summary>
/// <remarks>
/// Exactly one of two ends a run: the owner, when the handlers have returned, or the watchdog, when their time is spent.
/// An object whose run the watchdog ended is never used again; until its handlers return, the filter instance is busy.
/// </remarks>
internal sealed class HandlerRun(TimeProvider time)
{
    private const int Idle = 0;
    private const int Running = 1;
    private const int Suspended = 2;
    private const int Expired = 3;
    private const int States = 4;

    // Made when handlers are late: seldom.
    private TaskCompletionSource? _returned;
    private CancellationTokenSource? _source;
    private bool _holdsReplies;
    private volatile bool _canceled;

    // The state, and above it the run's number: the watchdog ends the run that it has looked at, and not one that began meanwhile.
    private long _state;

    /// <summary>Gets the stage whose handlers run.</summary>
    public MilterStages Stage { get; private set; }

    /// <summary>Gets the timestamp from which the time counts: when the command could be read.</summary>
    public long Since { get; private set; }

    /// <summary>Gets or sets the timestamp of the last progress notice.</summary>
    public long LastProgress { get; set; }

    /// <summary>Gets a number that stands for this run and its state.</summary>
    public long Ticket => Volatile.Read(ref _state);

    /// <summary>Gets a value indicating whether replies to earlier frames wait for the handlers' return, so that nothing may overtake them.</summary>
    public bool HoldsReplies => _holdsReplies && Ticket % States == Running;

    /// <summary>Gets a value indicating whether handlers are at work, on the owner's thread or elsewhere.</summary>
    public bool IsActive => IsActiveIn(Ticket);

    /// <summary>Gets a value indicating whether the token of this run, or of the run that has just ended, was fired.</summary>
    public bool WasCanceled => _canceled;

    /// <summary>Gets the task of handlers that were suspended.</summary>
    public Task? Handlers { get; private set; }

    /// <summary>Gets or sets the task of a sequence of runs, one after the other, of which this is one.</summary>
    public Task<bool>? Sequence { get; set; }

    /// <summary>Gets the token of this run; made when a handler first takes it, and again only where the last one has fired.</summary>
    public CancellationToken Token
    {
        get
        {
            _source ??= new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
            return _source.Token;
        }
    }

    private TaskCompletionSource Returned => Volatile.Read(ref _returned) ?? LazyInitializer.EnsureInitialized(ref _returned, static () => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    public static bool IsActiveIn(long ticket) => ticket % States is Running or Suspended;

    public void Begin(MilterStages stage, long since, bool holdsReplies)
    {
        Stage = stage;
        Since = since;
        LastProgress = since;
        _holdsReplies = holdsReplies;
        Handlers = null;
        _canceled = false;
        Volatile.Write(ref _state, ((Ticket / States) + 1) * States + Running);
    }

    /// <summary>Says that the handlers have given the thread back and go on elsewhere.</summary>
    /// <param name="handlers">Their task.</param>
    /// <returns><see langword="false"/> when the watchdog was first: the caller owns nothing any more.</returns>
    public bool TrySuspend(Task handlers)
    {
        Handlers = handlers;
        if (Change(Running, Suspended))
        {
            return true;
        }

        handlers.ContinueWith(static (_, source) => ((TaskCompletionSource)source!).TrySetResult(), Returned, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return false;
    }

    /// <summary>Ends the run because its handlers have returned.</summary>
    /// <returns><see langword="false"/> when the watchdog was first.</returns>
    public bool TryEnd()
    {
        if (!Change(Running, Idle) && !Change(Suspended, Idle))
        {
            Returned.TrySetResult();
            return false;
        }

        if (_source is { IsCancellationRequested: true })
        {
            // Its callbacks may still be running: it is left to the garbage collector.
            _source = null;
        }

        return true;
    }

    /// <summary>Ends the run because its time is spent.</summary>
    /// <param name="ticket">The run that was looked at.</param>
    /// <param name="late">What ends when its handlers return at last.</param>
    /// <returns><see langword="false"/> when the handlers have returned meanwhile.</returns>
    public bool TryExpire(long ticket, out Task late)
    {
        bool wasSuspended = ticket % States == Suspended;
        late = wasSuspended ? Handlers! : Returned.Task;
        return Interlocked.CompareExchange(ref _state, ticket - (ticket % States) + Expired, ticket) == ticket;
    }

    /// <summary>Fires the token, once. What handlers have registered runs elsewhere, so that it can't keep the caller.</summary>
    public void Cancel()
    {
        _canceled = true;
        _ = _source?.CancelAsync().ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private bool Change(int from, int to)
    {
        long ticket = Ticket;
        return ticket % States == from && Interlocked.CompareExchange(ref _state, ticket - from + to, ticket) == ticket;
    }
}
