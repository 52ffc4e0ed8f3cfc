using System.Buffers;
using Milter.CompilerServices;
using Milter.Message;
using Milter.Protocol;

namespace Milter.Session;

/// <content>Time: budgets, progress, and what becomes of a handler whose time is up.</content>
internal sealed partial class MilterSession : IProgressSink
{
    private static readonly byte[] s_progress = [0, 0, 0, 1, (byte)MilterReply.Progress];

    private HandlerRun _run;
    private Task _orphan = Task.CompletedTask;
    private (MessageOutcome Outcome, MilterStages Stages)? _owed;
    private bool _deposes;
    private volatile bool _isPeerGone;
    private MilterStages _asked;
    private long _batchStart;
    private bool _inBatch;
    private long _waived;
    private volatile bool _drains;

    public CancellationToken Cancellation => _run.Token;

    // The instance is busy with something whose time was up: until that returns, none of its handlers may be called.
    private bool Busy => _deposes || !_orphan.IsCompleted;

    /// <summary>Says that the MTA is gone, or that the server is forced to stop: the running handler's token fires.</summary>
    public void PeerGone()
    {
        _isPeerGone = true;
        _run.Cancel();
    }

    /// <summary>Ends the SMTP session at its next MAIL or RCPT with 421. The message that is open goes on.</summary>
    public void BeginDrain() => _drains = true;

    /// <summary>Looks at the time of the running handlers. Called by the watchdog, under the connection's write gate, while the owner is in the session or awaits <see cref="Pending"/>.</summary>
    /// <returns>
    /// <see langword="true"/> when their time was spent and the session goes on without them: whoever owned the connection in that call owns it
    /// no more. The new owner leaves the input buffer to the late handlers (<see cref="DeposedAt"/> says how much of it is used up), writes what is
    /// owed and processes the rest.
    /// </returns>
    public bool Watch()
    {
        HandlerRun run = _run;
        long ticket = run.Ticket;
        if (!HandlerRun.IsActiveIn(ticket))
        {
            return false;
        }

        long now = _settings.Time.GetTimestamp();
        TimeSpan spent = _settings.Time.GetElapsedTime(run.Since, now);
        bool atEom = run.Stage == MilterStages.Eom;
        TimeSpan budget = atEom ? _settings.EndOfMessageBudget : _settings.CommandBudget;
        if (run.Ticket != ticket)
        {
            // Another run began while this one was looked at: its time is not spent.
            return false;
        }

        if (atEom && !run.HoldsReplies && _settings.Time.GetElapsedTime(run.LastProgress, now) >= _settings.ProgressInterval)
        {
            run.LastProgress = now;
            _host.SendNow(s_progress);
        }

        if (spent >= budget)
        {
            run.Cancel();
        }

        if (_ended || spent < budget + _settings.ExpiryGrace || !run.TryExpire(ticket, out Task late))
        {
            return false;
        }

        Depose(run, late);
        return true;
    }

    void IProgressSink.Send(ReadOnlySpan<byte> frames)
    {
        // The host's lock is the write gate: between the look and the write, the watchdog must not take the connection over.
        lock (_host)
        {
            SendUnderGate(frames);
        }
    }

    private void SendUnderGate(ReadOnlySpan<byte> frames)
    {
        if (_run.HoldsReplies)
        {
            // No MTA sends on before it has its reply; whoever does gets all in order, with the verdict.
            Output.Write(frames);
        }
        else if (_run.IsActive)
        {
            _host.SendNow(frames);
        }
    }

    /// <summary>The running handler has kept its thread from other work. Called by whoever saw it.</summary>
    public void NoteStall()
    {
        HandlerRun run = _run;
        if (run.IsActive)
        {
            _settings.Stalls.Note(run.Stage);
        }
    }

    private HandlerRun BeginRun(MilterStages stage, long since)
    {
        if (_settings.Stalls.Blocks(stage))
        {
            _host.BeforeBlocking();
        }

        _run.Begin(stage, since, Output.Length > 0);
        return _run;
    }

    // Goes on without handlers whose time is up. What they still hold must not become the next message's.
    private void Depose(HandlerRun run, Task late)
    {
        // Even if they return at this very moment, none is called from here, under the connection's gate.
        _deposes = true;
        _orphan = late;
        _run = new HandlerRun(_settings.Time);
        _step.Detach();
        _step = new StepContext(this);
        _recipient = new EnvelopeAddress();
        After after = _after;
        _after = After.Nothing;
        Verdict verdict = Expired(run.Stage);
        if (after is After.CompleteStep or After.CompleteLastChunk)
        {
            if (_current.OfMessage)
            {
                // What was collected of the message goes with the handlers: the rest can't be judged.
                Plan.Renew();
                _messageState = _messageState?.Abandon();
                Message.Begin();
                _pendingOfMessage = WithoutJudgement(verdict);
            }

            CompleteStep(verdict);
        }
        else
        {
            EndWithoutHandlers(run.Stage, after, late);
        }

        _deposes = false;
    }

    // The late handlers were those of a message's or a session's end.
    private void EndWithoutHandlers(MilterStages stage, After after, Task late)
    {
        Plan.Renew();
        _messageState = _messageState?.Abandon();
        ForgetMessage();
        _owed = (Outcome, stage == MilterStages.Abort ? MilterStages.MessageEnd : MilterStages.None);
        if (_command == MilterCommand.QuitNewConnection)
        {
            AbandonInstance(late);
        }

        if (after == After.HandleCommand)
        {
            Handle();
        }
    }

    // The next session gets an instance of its own; this one is disposed of when it is free.
    private void AbandonInstance(Task late)
    {
        _ = DisposeLaterAsync(_instance, late);
        _instance = new FilterInstance(_settings);
        _orphan = Task.CompletedTask;
        _owed = null;
        _messageState?.Reset();
        ForgetSession();
    }

    private async Task DisposeLaterAsync(FilterInstance instance, Task late)
    {
        await late.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await DisposeInstanceAsync(instance).ConfigureAwait(false);
    }

    private Verdict Expired(MilterStages stage)
    {
        SessionLog.HandlerExpired(_settings.Logger, ConnectionId, _facts.QueueId, stage, _settings.OnExpiry.Kind);
        _settings.Observer.HandlerExpired();
        return _settings.OnExpiry;
    }

    // What a late handler's message was owed, once the instance is free again.
    private SessionStatus? Owed()
    {
        if (_owed is null || Busy)
        {
            return null;
        }

        _after = After.HandleCommand;
        HandlerRun run = _run;
        return Continue(run, SettleAsync(), After.HandleCommand);
    }

    private ValueTask<bool> SettleAsync()
    {
        if (_owed is not { } owed)
        {
            return new ValueTask<bool>(true);
        }

        _owed = null;
        Outcome = owed.Outcome;
        return EndMessageWithHandlersAsync(owed.Stages, forget: false);
    }

    // One timestamp a read, and one at its end: what handlers without a reply have used is charged to the next that has one.
    private void BeginBatch()
    {
        if (!_inBatch)
        {
            _inBatch = true;
            _batchStart = _settings.Time.GetTimestamp();
        }
    }

    private void EndBatch()
    {
        if (_inBatch && _message == MessagePhase.Open)
        {
            _waived += _settings.Time.GetTimestamp() - _batchStart;
        }

        _inBatch = false;
    }

    private void EndBatchWithReply()
    {
        _waived = 0;
        _inBatch = false;
    }
}
