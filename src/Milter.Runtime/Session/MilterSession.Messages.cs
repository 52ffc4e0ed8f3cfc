using Milter.CompilerServices;
using Milter.Message;
using Milter.Protocol;

namespace Milter.Session;

/// <content>Messages: when they begin, what ends with them.</content>
internal sealed partial class MilterSession
{
    private MessagePhase _message;
    private Verdict _stray;
    private readonly MessageReceipt _receipt;
    private bool _nonSmtp;
    private bool _beganInDrain;
    private bool _isUnseen;
    private bool _renewPlan;
    private MessageState? _messageState;

    private enum MessagePhase
    {
        /// <summary>No message is open.</summary>
        None,

        /// <summary>A message is being received.</summary>
        Open,

        /// <summary>DATA was refused. The MTA may give the message up, or go on with more recipients.</summary>
        RefusedAtData,

        /// <summary>A verdict has ended the message; steps of it that come all the same get that verdict again.</summary>
        Over,
    }

    // Made with the first message: a connection that sends none, or not yet, needs none.
    public MessageState Message => _messageState ??= new MessageState(_descriptor, _settings.BodyLimits, _settings.MessageLimits);

    public EditPlan Plan { get; } = new();

    public MessageOutcome Outcome { get; private set; }

    /// <summary>Gets the services of the message in a message's stages, of the session otherwise.</summary>
    public IServiceProvider StepServices => _run.Stage is MilterStages.Connect or MilterStages.Helo or MilterStages.Unknown or MilterStages.Close
        ? _instance.SessionServices()
        : _instance.MessageServices();

    private void BeginMessage()
    {
        _message = MessagePhase.Open;
        Message.Begin();
        _receipt.Begin();
        _stray = default;
        _pendingOfMessage = default;
        _beganInDrain = _drains;
        _isRejected = false;
        _isUnseen = Busy || RefusesAll || _drains;
        _nonSmtp = false;
        _skipped = 0;
        _sentSkip = false;
        if (_descriptor.HasPerMessageState && !Busy)
        {
            ResetFilter();
        }
    }

    private SessionStatus Abort()
    {
        if (_message is MessagePhase.Open or MessagePhase.RefusedAtData)
        {
            return EndMessage(GivenUp(), After.Nothing);
        }

        _message = MessagePhase.None;
        return SessionStatus.NeedMore;
    }

    // How a message ends that the MTA drops: one that was refused at DATA ended by that.
    private MessageOutcome GivenUp() => _message == MessagePhase.RefusedAtData ? MessageOutcome.Refused : MessageOutcome.Aborted;

    private SessionStatus EndMessage(MessageOutcome outcome, After after, MessagePhase phase = MessagePhase.None)
    {
        bool open = _message is MessagePhase.Open or MessagePhase.RefusedAtData;

        // Where MAIL is not sent, nothing would tell the next message from the rest of this one.
        _message = Agreed.Has(ProtocolSteps.NoMail) ? MessagePhase.None : phase;
        if (!open)
        {
            return after == After.HandleCommand ? Handle() : SessionStatus.NeedMore;
        }

        _after = after;
        HandlerRun run = _run;
        return Continue(run, EndMessageAsync(outcome), after);
    }

    // The run's object is all that is written here: the watchdog may have made somebody else the owner meanwhile.
    private SessionStatus Continue(HandlerRun run, ValueTask<bool> end, After after)
    {
        if (!end.IsCompleted)
        {
            run.Sequence = end.AsTask();
            return SessionStatus.Suspended;
        }

        if (!end.Result)
        {
            return SessionStatus.Deposed;
        }

        return after == After.HandleCommand ? Handle() : _closed ? SessionStatus.Closed : SessionStatus.NeedMore;
    }

    // False: a handler was taken over by the watchdog, and so was everything else.
    private ValueTask<bool> EndMessageAsync(MessageOutcome outcome)
    {
        Outcome = outcome;
        _settings.Observer.MessageEnded(outcome);
        if (_settings.LogMessages)
        {
            _receipt.End(ConnectionId, _facts.QueueId, outcome);
        }

        EndPlan();
        MilterStages stages = MilterStages.MessageEnd | (outcome is MessageOutcome.Aborted or MessageOutcome.ConnectionLost ? MilterStages.Abort : 0);
        if (_isUnseen)
        {
            // The engine refused it before the filter could see it.
            ForgetMessage();
            return new ValueTask<bool>(true);
        }

        if (Busy)
        {
            _owed = (outcome, stages);
            ForgetMessage();
            return new ValueTask<bool>(true);
        }

        if ((_descriptor.Handles & stages) == 0 && !_instance.HasMessageScope)
        {
            ResetFilter();
            ForgetMessage();
            return new ValueTask<bool>(true);
        }

        return EndMessageWithHandlersAsync(stages, forget: true);
    }

    private async ValueTask<bool> EndMessageWithHandlersAsync(MilterStages stages, bool forget)
    {
        if ((stages & MilterStages.Abort) != 0 && !await RunQuietlyAsync(MilterStages.Abort).ConfigureAwait(false))
        {
            return false;
        }

        if ((stages & MilterStages.MessageEnd) != 0 && !await RunQuietlyAsync(MilterStages.MessageEnd).ConfigureAwait(false))
        {
            return false;
        }

        try
        {
            await _instance.EndMessageAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // A service that can't be disposed of is the user's fault, and no reason to lose the connection.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            SessionLog.DisposeFailed(_settings.Logger, exception, ConnectionId, _facts.QueueId);
        }

        ResetFilter();
        if (forget)
        {
            ForgetMessage();
        }

        return true;
    }

    // A handler that was suspended may have left something running that holds the editors: it must not reach the next message.
    private void EndPlan()
    {
        if (!_renewPlan)
        {
            Plan.Reset();
            return;
        }

        _renewPlan = false;
        Plan.Renew();
    }

    private void ForgetMessage()
    {
        _messageState?.Reset();
        _facts.Macros.EndMessage();
        _recipientMacros = false;
    }

    private void ResetFilter()
    {
        if (!_descriptor.HasPerMessageState || _instance.Existing is not { } filter)
        {
            return;
        }

        try
        {
            filter.ResetMessage();
        }
#pragma warning disable CA1031 // A value that can't be reset or disposed of: told, and the connection goes on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            SessionLog.DisposeFailed(_settings.Logger, exception, ConnectionId, _facts.QueueId);
        }
    }

    // Handlers whose stage has no reply. False: taken over by the watchdog.
    private async ValueTask<bool> RunQuietlyAsync(MilterStages stage)
    {
        if ((_descriptor.Handles & stage) == 0)
        {
            return true;
        }

        HandlerRun run = BeginRun(stage, _settings.Time.GetTimestamp());
        Exception? failure = null;
        try
        {
            ValueTask<Verdict> task = Dispatch(_instance.Get(), stage, _step);
            if (!task.IsCompleted)
            {
                Task<Verdict> handlers = task.AsTask();
                if (!run.TrySuspend(handlers))
                {
                    return false;
                }

                await handlers.ConfigureAwait(false);
            }
            else
            {
                task.GetAwaiter().GetResult();
            }
        }
#pragma warning disable CA1031 // Whatever a handler throws: the connection goes on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            failure = exception;
        }

        if (!run.TryEnd())
        {
            return false;
        }

        if (failure is not null && !(failure is OperationCanceledException && run.WasCanceled))
        {
            SessionLog.HandlerFailed(_settings.Logger, failure, ConnectionId, _facts.QueueId, stage, VerdictKind.Continue);
            _settings.Observer.HandlerFailed();
        }

        return true;
    }
}
