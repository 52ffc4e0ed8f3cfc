namespace Milter.Session;

/// <summary>One run of a step's handlers: who may end it, and when its time is up.</summary>
/// <remarks>
/// Exactly one of two ends a run: the owner, when the handlers have returned, or the watchdog, when their time is spent.
/// A run that the watchdog ended is never used again; until its handlers return, the filter instance is busy.
/// </remarks>
internal sealed class HandlerRun(TimeProvider time)
{
    private const int Idle = 0;
    private const int Running = 1;
    private const int Suspended = 2;
    private const int Expired = 3;

    private readonly TaskCompletionSource _returned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource? _source;
    private bool _holdsReplies;
    private int _state;

    /// <summary>Gets the stage whose handlers run.</summary>
    public MilterStages Stage { get; private set; }

    /// <summary>Gets the timestamp from which the time counts: when the command could be read.</summary>
    public long Since { get; private set; }

    /// <summary>Gets or sets the timestamp of the last progress notice.</summary>
    public long LastProgress { get; set; }

    /// <summary>Gets a value indicating whether replies to earlier frames wait for the handlers' return, so that nothing may overtake them.</summary>
    public bool HoldsReplies => _holdsReplies && Volatile.Read(ref _state) == Running;

    /// <summary>Gets a value indicating whether handlers are at work, on the owner's thread or elsewhere.</summary>
    public bool IsActive => Volatile.Read(ref _state) is Running or Suspended;

    /// <summary>Gets a value indicating whether the token of this run has fired.</summary>
    public bool HasCanceled => _source is { IsCancellationRequested: true };

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

    public void Begin(MilterStages stage, long since, bool holdsReplies)
    {
        Stage = stage;
        Since = since;
        LastProgress = since;
        _holdsReplies = holdsReplies;
        Handlers = null;
        Volatile.Write(ref _state, Running);
    }

    /// <summary>Says that the handlers have given the thread back and go on elsewhere.</summary>
    /// <param name="handlers">Their task.</param>
    /// <returns><see langword="false"/> when the watchdog was first: the caller owns nothing any more.</returns>
    public bool TrySuspend(Task handlers)
    {
        Handlers = handlers;
        if (Interlocked.CompareExchange(ref _state, Suspended, Running) == Running)
        {
            return true;
        }

        handlers.ContinueWith(static (_, source) => ((TaskCompletionSource)source!).TrySetResult(), _returned, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return false;
    }

    /// <summary>Ends the run because its handlers have returned.</summary>
    /// <returns><see langword="false"/> when the watchdog was first.</returns>
    public bool TryEnd()
    {
        int state = Volatile.Read(ref _state);
        if (state == Expired || Interlocked.CompareExchange(ref _state, Idle, state) != state)
        {
            _returned.TrySetResult();
            return false;
        }

        if (HasCanceled)
        {
            _source!.Dispose();
            _source = null;
        }

        return true;
    }

    /// <summary>Ends the run because its time is spent.</summary>
    /// <param name="late">What ends when its handlers return at last.</param>
    /// <returns><see langword="false"/> when the handlers have returned meanwhile.</returns>
    public bool TryExpire(out Task late)
    {
        if (Interlocked.CompareExchange(ref _state, Expired, Running) == Running)
        {
            late = _returned.Task;
            return true;
        }

        late = Handlers ?? _returned.Task;
        return Interlocked.CompareExchange(ref _state, Expired, Suspended) == Suspended;
    }

    /// <summary>Fires the token, once.</summary>
    public void Cancel()
    {
        try
        {
            _source?.Cancel();
        }
        catch (AggregateException)
        {
            // A callback that a handler registered has thrown. The handler's own await tells it what it needs to know.
        }
        catch (ObjectDisposedException)
        {
            // The handlers returned at this very moment.
        }
    }
}
