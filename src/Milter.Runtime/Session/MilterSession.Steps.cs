using Milter.CompilerServices;
using Milter.Message;
using Milter.Protocol;

namespace Milter.Session;

/// <content>Steps: what is kept of each, its handlers, its reply.</content>
internal sealed partial class MilterSession
{
    private static readonly Verdict s_closing = Verdict.TempFail(421, "4.3.2", "Service shutting down, please try again");
    private static readonly Verdict s_tooMany = Verdict.TempFail(421, "4.3.2", "Too many connections, please try again");

    private static readonly Verdict s_tooManyHeaders = Verdict.Reject(552, "5.3.4", "Message header too large");
    private static readonly Verdict s_tooManyRecipients = Verdict.TempFail(452, "4.5.3", "Too many recipients");

    private EnvelopeAddress _recipient = new();
    private StepContext _step;
    private StepInfo _current = StepInfo.Of(MilterCommand.Connect)!;
    private Verdict _sessionVerdict;
    private Verdict _pendingOfSession;
    private Verdict _pendingOfMessage;
    private Verdict _refusal;
    private bool _recipientMacros;
    private bool _isRejected;
    private bool _connected;
    private ulong _skipped;
    private bool _sentSkip;

    public EnvelopeAddress StepAddress
    {
        get
        {
            if (_current.Stage == MilterStages.Mail)
            {
                return Message.Envelope.Sender;
            }

            _recipient.Set(_payload.Span);
            return _recipient;
        }
    }

    public bool AllSkipped => System.Numerics.BitOperations.PopCount(_skipped) >= _descriptor.BodyConsumers;

    public bool HasSkipped(int consumer) => (_skipped & (1UL << consumer)) != 0;

    public void MarkSkipped(int consumer) => _skipped |= 1UL << consumer;

    private SessionStatus Step(StepInfo step)
    {
        if (Crosses(step) is { } ended)
        {
            return ended;
        }

        _current = step;
        if (!Take(step, out string? error))
        {
            return Garbage(default, $"{Name(_command)} with {error}");
        }

        return Decided(step) is { } verdict ? Reply(step, VerdictGate.Legal(step.Stage, verdict)) : Run(step, HandlersOf(step), After.CompleteStep);
    }

    // A step that ends the message before it, or begins one.
    private SessionStatus? Crosses(StepInfo step)
    {
        bool ends = step.Command is MilterCommand.Mail or MilterCommand.Helo or MilterCommand.Connect;
        if (ends && (_message is MessagePhase.Open or MessagePhase.RefusedAtData))
        {
            return EndMessage(GivenUp(), After.HandleCommand);
        }

        if (step.Command == MilterCommand.Mail)
        {
            if (Owed() is { } settled)
            {
                return settled;
            }

            BeginMessage();
        }
        else if (step.OfMessage && _message == MessagePhase.None)
        {
            BeginMessage();
        }
        else if (step.Command == MilterCommand.Rcpt && _message == MessagePhase.RefusedAtData)
        {
            // Sendmail keeps the transaction open after a refused DATA.
            _message = MessagePhase.Open;
        }

        return null;
    }

    // Keeps what is asked for, and readies what handlers see.
    private bool Take(StepInfo step, out string? error)
    {
        error = null;
        ReadOnlySpan<byte> payload = _payload.Span;
        StepName = default;
        StepData = _payload;
        switch (step.Command)
        {
            case MilterCommand.Connect:
                if (!ConnectPayload.TryRead(payload, out ConnectPayload connect, out error))
                {
                    return false;
                }

                if (!_connected)
                {
                    _facts.SetConnect(connect);
                }

                break;
            case MilterCommand.Helo:
                StepData = _payload[..TextPayload.Read(payload).Length];
                _facts.SetHelo(StepData.Span);
                break;
            case MilterCommand.Unknown:
                StepData = _payload[..TextPayload.Read(payload).Length];
                break;
            case MilterCommand.Mail:
            case MilterCommand.Rcpt:
                if (!EnvelopePayload.TryRead(payload, out EnvelopePayload address, out error))
                {
                    return false;
                }

                StepData = _payload[..address.Address.Length];
                if (step.Command == MilterCommand.Mail)
                {
                    Message.SetSender(payload);
                    _nonSmtp = _facts.IsNonSmtp(StepData.Span);
                }
                else
                {
                    _isRejected = IsRejectedRecipient();
                    _facts.Macros.EndRecipients();
                }

                break;
            case MilterCommand.Header:
                if (!HeaderPayload.TryRead(payload, out HeaderPayload header, out error))
                {
                    return false;
                }

                StepName = _payload[..header.Name.Length];
                StepData = _payload.Slice(header.Name.Length + 1, header.Value.Length);
                if (_message == MessagePhase.Open && !Message.TryAddHeader(header.Name, header.Value) && _pendingOfMessage.IsContinue)
                {
                    _pendingOfMessage = s_tooManyHeaders;
                    SessionLog.OverLimit(_settings.Logger, ConnectionId, _facts.QueueId, "header fields");
                }

                break;
            case MilterCommand.Body:
                if (_message == MessagePhase.Open)
                {
                    Message.AppendBody(payload);
                }

                break;
        }

        return true;
    }

    // What is decided before any handler is asked.
    private Verdict? Decided(StepInfo step)
    {
        if (step.Command == MilterCommand.Connect)
        {
            // A second CONNECT without QUIT_NC between them means nothing.
            bool again = _connected;
            _connected = true;
            return again || RefusesAll || Busy ? Verdict.Continue : null;
        }

        if (!step.OfMessage)
        {
            return !_sessionVerdict.IsContinue ? _sessionVerdict
                : !_pendingOfSession.IsContinue && Replies(step) ? _pendingOfSession
                : RefusesAll ? Verdict.Continue
                : Busy ? Unasked(step)
                : null;
        }

        if (_message is MessagePhase.Over or MessagePhase.RefusedAtData)
        {
            return _stray;
        }

        if (!_sessionVerdict.IsContinue)
        {
            return _sessionVerdict;
        }

        if (Ending(step) is { } ending)
        {
            return ending;
        }

        Verdict pending = !_pendingOfMessage.IsContinue ? _pendingOfMessage : _pendingOfSession;
        if (!pending.IsContinue)
        {
            // Without a reply there is nobody to tell yet, and no use in asking the handlers any more.
            return Tells(step) ? pending : Verdict.Continue;
        }

        return Busy ? Unasked(step) : null;
    }

    // A session that is to end is told so at MAIL or RCPT; where these have no reply, at the first step of the message that has one.
    private Verdict? Ending(StepInfo step)
    {
        if (RefusesAll)
        {
            return Tells(step) ? (_settings.Refuse ? s_tooMany : _refusal) : Verdict.Continue;
        }

        if (!_drains || (!_beganInDrain && step.Command != MilterCommand.Rcpt))
        {
            return null;
        }

        if (Tells(step))
        {
            return s_closing;
        }

        if (!_beganInDrain)
        {
            return null;
        }

        _pendingOfMessage = s_closing;
        return Verdict.Continue;
    }

    // The instance is still at work on something whose time was up, and can't be asked. What it could not judge in part it does not judge at all.
    private Verdict Unasked(StepInfo step)
    {
        if (step.OfMessage)
        {
            _pendingOfMessage = WithoutJudgement(_settings.OnException);
            return Tells(step) ? _pendingOfMessage : Verdict.Continue;
        }

        if (step.Command == MilterCommand.Helo && (_descriptor.Handles & MilterStages.Helo) != 0)
        {
            _pendingOfSession = WithoutJudgement(_settings.OnException);
            return Replies(step) ? _pendingOfSession : Verdict.Continue;
        }

        return Verdict.Continue;
    }

    // A message whose filter failed and that may go on is not shown to it any more: it would see the rest and take it for the whole.
    private static Verdict WithoutJudgement(Verdict verdict) => verdict.IsContinue ? Verdict.Accept : verdict;

    private MilterStages HandlersOf(StepInfo step) =>
        step.Command == MilterCommand.Rcpt && _isRejected ? MilterStages.RejectedRcpt : step.Stage;

    private bool IsRejectedRecipient()
    {
        bool fresh = _recipientMacros;
        _recipientMacros = false;
        return fresh && Agreed.Has(ProtocolSteps.RejectedRecipients)
            && _facts.Macros.Find("rcpt_mailer"u8, out _).SequenceEqual("error"u8);
    }

    private SessionStatus Run(StepInfo step, MilterStages handlers, After after)
    {
        if (handlers == MilterStages.Eom)
        {
            if (_payload.Length > 0 && after == After.CompleteStep)
            {
                return RunLastChunk();
            }

            Message.Body.Complete(cutBySkip: _sentSkip);
        }

        _asked = handlers;
        if ((_descriptor.Handles & handlers) == 0)
        {
            return after == After.CompleteLastChunk ? CompleteLastChunk(default) : CompleteStep(default);
        }

        if (handlers == MilterStages.Eom)
        {
            Plan.Begin(Agreed.Actions, Agreed.Has(ProtocolSteps.HeaderLeadingSpace), Message.Headers, Message.Envelope, this, degrade: Agreed.Missing != 0);
        }

        _after = after;
        HandlerRun run = BeginRun(handlers, _batchStart - _waived);
        Verdict verdict = default;
        Exception? failure = null;
        try
        {
            ValueTask<Verdict> task = Dispatch(_instance.Get(), handlers, _step);
            if (!task.IsCompleted)
            {
                return run.TrySuspend(task.AsTask()) ? SessionStatus.Suspended : SessionStatus.Deposed;
            }

            verdict = task.Result;
        }
#pragma warning disable CA1031 // Whatever a handler throws becomes a verdict: the connection goes on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            failure = exception;
        }

        if (!run.TryEnd())
        {
            return SessionStatus.Deposed;
        }

        verdict = failure is null ? verdict : Failed(failure, run);
        return after == After.CompleteLastChunk ? CompleteLastChunk(verdict) : CompleteStep(verdict);
    }

    // No MTA sends body data with EOM, but the protocol has it: libmilter runs the body's handlers, then those of EOM.
    private SessionStatus RunLastChunk()
    {
        Message.AppendBody(_payload.Span);
        return Run(_current, MilterStages.Body, After.CompleteLastChunk);
    }

    private SessionStatus CompleteLastChunk(Verdict verdict)
    {
        _payload = default;
        verdict = verdict.Kind == VerdictKind.Skip ? Verdict.Continue : verdict;
        return verdict.IsContinue ? Run(_current, MilterStages.Eom, After.CompleteStep) : Reply(_current, verdict);
    }

    private SessionStatus CompleteStep(Verdict verdict)
    {
        if (_asked == MilterStages.RejectedRcpt)
        {
            return Reply(_current, Verdict.Continue);
        }

        Verdict legal = VerdictGate.Legal(_current.Stage, verdict);
        if (legal != verdict)
        {
            SessionLog.VerdictReplaced(_settings.Logger, ConnectionId, _facts.QueueId, verdict.Kind, _current.Stage, legal.Kind);
            _settings.Observer.VerdictReplaced();
        }

        if (_current.Command == MilterCommand.Rcpt && legal.IsContinue && !Message.TryAddRecipient(_payload.Span))
        {
            legal = s_tooManyRecipients;
            SessionLog.OverLimit(_settings.Logger, ConnectionId, _facts.QueueId, "recipients");
        }

        return Reply(_current, legal);
    }

    private SessionStatus Reply(StepInfo step, Verdict verdict)
    {
        if (step.Command is MilterCommand.Header or MilterCommand.Body or MilterCommand.Unknown)
        {
            _facts.Macros.EndStep(step.Command);
        }

        if (step.Command == MilterCommand.Rcpt)
        {
            _recipient.Clear();
        }

        if (!Tells(step))
        {
            if (!verdict.IsContinue && verdict.Kind != VerdictKind.Skip && !_isRejected)
            {
                Postpone(step, verdict);
            }

            if (!Replies(step))
            {
                return SessionStatus.NeedMore;
            }

            verdict = Verdict.Continue;
        }

        if (step.Command == MilterCommand.Body)
        {
            verdict = SkipWhereAgreed(verdict);
        }

        bool atEom = step.Stage == MilterStages.Eom && _message == MessagePhase.Open;
        if (atEom)
        {
            verdict = WritePlan(verdict);
        }

        VerdictGate.Write(Output, verdict);
        EndBatchWithReply();
        if (step.OfMessage)
        {
            _receipt.Replied(step.Stage, verdict);
        }

        return Apply(step, verdict, atEom);
    }

    private Verdict SkipWhereAgreed(Verdict verdict)
    {
        if (verdict.Kind != VerdictKind.Skip)
        {
            return verdict;
        }

        bool everybody = Message.BodyHasEnough;
        if (!everybody || _sentSkip || !Agreed.Has(ProtocolSteps.Skip))
        {
            return Verdict.Continue;
        }

        _sentSkip = true;
        return verdict;
    }

    private void Postpone(StepInfo step, Verdict verdict)
    {
        if (step.OfMessage)
        {
            _pendingOfMessage = verdict;
        }
        else if (step.Command != MilterCommand.Unknown)
        {
            _pendingOfSession = verdict;
        }
    }

    // What a verdict that was sent ends.
    private SessionStatus Apply(StepInfo step, Verdict verdict, bool atEom)
    {
        if (!step.OfMessage)
        {
            if (step.Command != MilterCommand.Unknown && !verdict.IsContinue)
            {
                _sessionVerdict = verdict;
            }

            return SessionStatus.NeedMore;
        }

        bool refusal = VerdictGate.Refuses(verdict);
        bool over = step.Command switch
        {
            MilterCommand.EndOfMessage => true,
            MilterCommand.Rcpt => verdict.Kind is VerdictKind.Accept or VerdictKind.Discard,
            MilterCommand.Body => verdict.Kind is not (VerdictKind.Continue or VerdictKind.Skip),
            _ => !verdict.IsContinue,
        };
        if (!over || _message is MessagePhase.Over)
        {
            return SessionStatus.NeedMore;
        }

        _stray = atEom && !refusal ? Verdict.Continue : verdict;
        if (step.Command == MilterCommand.Data && refusal)
        {
            _message = MessagePhase.RefusedAtData;
            return SessionStatus.NeedMore;
        }

        return EndMessage(VerdictGate.Outcome(verdict), After.Nothing, atEom ? MessagePhase.None : MessagePhase.Over);
    }

    private Verdict WritePlan(Verdict verdict)
    {
        int before = Output.Length;
        PlanOutcome report;
        try
        {
            report = Plan.WriteTo(Output, verdict);
        }
#pragma warning disable CA1031 // An edit that can't be sent is the same as a handler that throws: nothing of the plan is sent.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Output.Truncate(before);
            return Failed(exception, _run);
        }

        _receipt.Edited(report.Sent);
        if (report.QuarantineLeftOut)
        {
            SessionLog.QuarantineLeftOut(_settings.Logger, ConnectionId, _facts.QueueId, verdict.Kind);
        }

        if (report.Dropped > 0)
        {
            SessionLog.EditsDropped(_settings.Logger, ConnectionId, _facts.QueueId, report.Dropped);
        }

        return verdict;
    }

    private bool RefusesAll => _settings.Refuse || !_refusal.IsContinue;

    private bool Replies(StepInfo step) => !Agreed.Has(step.NoReply);

    // Whether the MTA can be told something by the reply to this step. Not at a recipient that it refused itself: ACCEPT there would end the
    // filtering of the whole message. Nor at one of mail that did not come by SMTP: Postfix's cleanup takes a refusal there, and only there, for a fault of its configuration.
    private bool Tells(StepInfo step) => Replies(step) && !(step.Command == MilterCommand.Rcpt && (_isRejected || _nonSmtp));

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
        MilterStages.Abort => filter.OnAbort(step),
        MilterStages.MessageEnd => filter.OnMessageEnd(step),
        MilterStages.Close => filter.OnClose(step),
        _ => default,
    };

    private Verdict VerdictOf(Task pending)
    {
        if (pending.IsCompletedSuccessfully)
        {
            return ((Task<Verdict>)pending).Result;
        }

        Exception exception = pending.Exception?.InnerException ?? new TaskCanceledException(pending);
        return Failed(exception, _run);
    }

    private Verdict Failed(Exception exception, HandlerRun run)
    {
        // Half a plan is no plan.
        Plan.Reset();
        if (exception is OperationCanceledException && run.WasCanceled)
        {
            return _isPeerGone ? _settings.OnExpiry : Expired(run.Stage);
        }

        SessionLog.HandlerFailed(_settings.Logger, exception, ConnectionId, _facts.QueueId, run.Stage, _settings.OnException.Kind);
        _settings.Observer.HandlerFailed();
        return _settings.OnException;
    }
}
