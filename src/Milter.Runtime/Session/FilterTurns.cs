using System.Runtime.CompilerServices;
using Milter.CompilerServices;
using Milter.Message;

namespace Milter.Session;

/// <summary>Calls the filter: the handlers of a step, or what its instance is owed, each in a turn; and charges the time.</summary>
internal sealed class FilterTurns : IProgressSink
{
    private const MilterStages StagesOfSession = MilterStages.Connect | MilterStages.Helo | MilterStages.Unknown | MilterStages.Close;

    private readonly SessionSettings _settings;
    private readonly ISessionHost _host;
    private readonly MessageCycle _message;
    private long _batchStart;
    private bool _inBatch;
    private long _waived;

    public FilterTurns(SessionSettings settings, ISessionHost host, StepFrame frame, MessageCycle message, SessionFacts facts)
    {
        _settings = settings;
        _host = host;
        _message = message;
        Instance = new Instance(settings);
        Turn = new Turn(settings, host);
        View = new StepView(this, frame, message, facts);
        Step = new StepContext(View);
    }

    /// <summary>What became of a turn.</summary>
    public enum Outcome
    {
        /// <summary>The code has returned: <see cref="Verdict"/> and <see cref="Failure"/> say with what.</summary>
        Ended,

        /// <summary>A task is awaited.</summary>
        Suspended,

        /// <summary>Its time was spent before the code returned: the caller owns nothing any more.</summary>
        Deposed,
    }

    public Instance Instance { get; private set; }

    public Turn Turn { get; private set; }

    /// <summary>Gets what handlers are shown.</summary>
    public StepView View { get; }

    /// <summary>Gets what handlers are given.</summary>
    public StepContext Step { get; private set; }

    /// <summary>Gets what is done in the turn for the instance, or none where it is a step's handlers.</summary>
    public Owed Job { get; private set; }

    public Verdict Verdict { get; private set; }

    public Exception? Failure { get; private set; }

    /// <summary>Gets or sets a value indicating whether the MTA has left, so that nobody waits for what handlers do.</summary>
    public bool IsPeerGone { get; set; }

    /// <summary>Gets or sets a value indicating whether something is owed that is to be done by somebody who may be kept by it.</summary>
    public bool GoesOn { get; set; }

    /// <summary>Gets the timestamp since when the MTA waits for the reply to the command at hand.</summary>
    public long Since => _batchStart;

    /// <summary>Gets a value indicating whether what was awaited has completed, or there is more to do.</summary>
    public bool CanResume => GoesOn || Turn is { IsSuspended: true, Pending.IsCompleted: true };

    void IProgressSink.Send(ReadOnlySpan<byte> frames)
    {
        Turn turn = Turn;
        if (turn.TryHold(turn.Ticket))
        {
            _host.SendNow(frames);
            turn.Release();
        }
    }

    /// <summary>Runs a step's handlers.</summary>
    public Outcome Ask(MilterStages stage, StepFrame frame)
    {
        Job = Owed.None;
        if (_settings.Stages.Suspends(stage))
        {
            frame.Own();
        }

        return Run(stage, Owed.None, _batchStart - _waived);
    }

    /// <summary>Does what the instance is owed.</summary>
    public Outcome Settle(Owed what)
    {
        Job = what;
        return Run(Instance.StageOf(what), what, _settings.Time.GetTimestamp());
    }

    /// <summary>Ends the turn, since what was awaited has completed.</summary>
    /// <returns><see langword="false"/> when its time was spent before: nobody has gone on without it yet.</returns>
    public bool TryResume()
    {
        var pending = (Task<Verdict>)Turn.Pending!;
        if (!Turn.TryEnd())
        {
            return false;
        }

        bool isDone = pending.IsCompletedSuccessfully;
        Ended(isDone ? pending.Result : default, isDone ? null : pending.Exception?.InnerException ?? new TaskCanceledException(pending));
        return true;
    }

    /// <summary>Goes on without code whose time was spent. What it still holds is left to it.</summary>
    /// <returns>The turn that has expired.</returns>
    public Turn Expire()
    {
        Turn expired = Turn;
        TellTime(expired.Stage);
        _settings.Limits.Late.Leave(expired.Late);
        if ((Job & Owed.Disposals) == 0)
        {
            Instance.LeaveTo(expired.Late);
        }

        Turn = new Turn(_settings, _host);
        Step.Detach();
        Step = new StepContext(View);
        return expired;
    }

    /// <summary>The next session gets an instance of its own; this one is disposed of when it is free.</summary>
    public void AbandonInstance()
    {
        Instance.OnlyDispose();
        _ = SettleLaterAsync(Instance);
        Instance = new Instance(_settings);
    }

    /// <summary>Does what a busy instance is owed once it is free, without a clock: nobody waits for it.</summary>
    public async Task SettleLaterAsync(Instance instance)
    {
        StepContext step = Step;
        await instance.Late.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (instance.TryTakeOwed(out Owed what))
        {
            try
            {
                await instance.DoAsync(what, step).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // Told; nobody waits who could do more.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Tell(e, what, View.Facts);
            }
        }
    }

    /// <summary>Says in the log what went wrong in doing what was owed.</summary>
    public void Tell(Exception failure, Owed what, SessionFacts facts)
    {
        if ((what & (Owed.Disposals | Owed.Reset)) != 0)
        {
            SessionLog.DisposeFailed(_settings.Logger, failure, facts.ConnectionId, facts.QueueId);
        }
        else if (!(failure is OperationCanceledException && Turn.WasCanceled))
        {
            SessionLog.HandlerFailed(_settings.Logger, failure, facts.ConnectionId, facts.QueueId, Instance.StageOf(what), VerdictKind.Continue);
            _settings.Observer.HandlerFailed(Instance.StageOf(what), failure);
        }
    }

    /// <summary>Begins to count: one timestamp a read, and one at its end. What handlers without a reply have used is charged to the next that has one.</summary>
    /// <param name="now">When the commands could be read.</param>
    public void BeginBatch(long now)
    {
        if (!_inBatch)
        {
            _inBatch = true;
            _batchStart = now;
        }
    }

    public void EndBatch(bool isInMessage)
    {
        if (_inBatch && isInMessage)
        {
            _waived += _settings.Time.GetTimestamp() - _batchStart;
        }

        _inBatch = false;
    }

    public void EndBatchWithReply()
    {
        _waived = 0;
        _inBatch = false;
    }

    // All that is written here once the turn has begun is local: whoever expires it goes on with this object.
    private Outcome Run(MilterStages stage, Owed job, long since)
    {
        bool blocks = _settings.Stages.Blocks(stage);
        if (blocks)
        {
            _host.BeforeBlocking();
        }

        Observation? observation = _message.Observation ?? ((stage & StagesOfSession) != 0 && (job == Owed.None || Instance.Exists) ? _message.ObserveSession(View.Facts) : null);
        ExecutionContext? outer = observation?.Enter(View.Facts);
        Turn turn = Turn;
        turn.Begin(stage, since);
        if (blocks)
        {
            turn.TryNoteStall(isSeen: false, _host.ThreadTime);
        }

        Verdict verdict = default;
        Exception? failure = null;
        try
        {
            ValueTask<Verdict> task = job == Owed.None ? Dispatch(Instance.Get(), stage, Step) : Instance.DoAsync(job, Step);
            if (!task.IsCompleted)
            {
                Observation.Leave(outer);
                return Suspend(turn, task.AsTask());
            }

            verdict = task.Result;
        }
#pragma warning disable CA1031 // Whatever a filter throws becomes a verdict: the connection goes on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            failure = e;
        }

        Observation.Leave(outer);
        return turn.TryEnd() ? Ended(verdict, failure) : Outcome.Deposed;
    }

    private Outcome Suspend(Turn turn, Task<Verdict> pending)
    {
        _settings.Stages.NoteSuspended(turn.Stage);
        if (!turn.TrySuspend(pending))
        {
            return Outcome.Deposed;
        }

        if (IsPeerGone)
        {
            turn.Cancel(turn.Ticket);
        }

        return Outcome.Suspended;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void TellTime(MilterStages stage)
    {
        if ((Job & ~Owed.Handlers) == 0)
        {
            _message.Observation?.HandlersRan(stage);
        }
    }

    private Outcome Ended(Verdict verdict, Exception? failure)
    {
        TellTime(Turn.Stage);

        // A reference that is stored costs more than a look at what is there: mostly there is none.
        if (!verdict.IsContinue || !Verdict.IsContinue)
        {
            Verdict = verdict;
        }

        if (!ReferenceEquals(failure, Failure))
        {
            Failure = failure;
        }

        return Outcome.Ended;
    }

    private static ValueTask<Verdict> Dispatch(IMilterDispatcher filter, MilterStages stage, StepContext step) => stage switch
    {
        MilterStages.Connect => filter.OnConnect(step),
        MilterStages.Helo => filter.OnHelo(step),
        MilterStages.Mail => filter.OnMail(step),
        MilterStages.Rcpt => filter.OnRcpt(step),
        MilterStages.RejectedRcpt => filter.OnRejectedRcpt(step),
        MilterStages.Data => filter.OnData(step),
        MilterStages.Header => filter.OnHeader(step),
        MilterStages.Eoh => filter.OnEoh(step),
        MilterStages.Body => filter.OnBody(step),
        MilterStages.Eom => filter.OnEom(step),
        MilterStages.Unknown => filter.OnUnknown(step),
        _ => default,
    };
}
