using System.Runtime.InteropServices;
using Milter.Message;
using Milter.Output;
using Milter.Protocol;

namespace Milter.Session;

/// <summary>
/// One connection's conversation with an MTA: bytes in, frames out, or suspended. The one place that knows the order of the protocol and which reply is owed.
/// It knows no socket, no thread and no clock.
/// </summary>
/// <remarks>
/// One owner at a time calls it. While a turn of handlers runs, <see cref="Turn"/> says what others may do; who has expired it calls <see cref="Expire"/> as the new owner.
/// <para>This class orders commands; <see cref="StepReader"/> reads what they carry, <see cref="Standing"/> may decide them, <see cref="FilterTurns"/> calls handlers,
/// <see cref="StepReplies"/> says what goes back, <see cref="MessageCycle"/> begins and ends messages.</para>
/// </remarks>
internal sealed class Conversation
{
    private readonly SessionSettings _settings;
    private readonly Outbox _output;
    private readonly StepFrame _frame = new();
    private readonly MessageCycle _message;
    private readonly Standing _standing;
    private readonly FilterTurns _turns;
    private readonly StepReader _reader;
    private readonly StepReplies _replies;
    private readonly StepView _view;
    private readonly Endings _endings;

    private Then _then;
    private bool _isUsed;

    public Conversation(SessionSettings settings, ISessionHost host, Outbox output, string connectionId, object peer)
    {
        _settings = settings;
        _output = output;
        _message = new MessageCycle(settings);
        _standing = new Standing(settings);
        _turns = new FilterTurns(settings, host, _frame, _message, new SessionFacts(settings.MacroNames, connectionId, peer, settings.EndPoint));
        _view = _turns.View;
        _reader = new StepReader(settings, _frame, _message, _standing);
        _endings = new Endings(settings, _message, _standing, _turns, _reader);
        _replies = new StepReplies(settings, output, _message, _standing, _turns);
    }

    /// <summary>What is done once a turn has ended.</summary>
    private enum Then
    {
        /// <summary>Nothing: read on.</summary>
        ReadOn,

        /// <summary>Its verdict is the reply to the current command.</summary>
        Reply,

        /// <summary>Its verdict is about the body that came with EOM; the message's end comes next.</summary>
        LastChunk,

        /// <summary>The message before is over; the current command is handled now.</summary>
        Again,

        /// <summary>The message has begun; the current step is taken now.</summary>
        Take,

        /// <summary>The session is over, and another may follow on the connection.</summary>
        EndSession,

        /// <summary>The connection is over.</summary>
        End,
    }

    public Turn Turn => _turns.Turn;

    /// <summary>Gets a value indicating whether the MTA has negotiated.</summary>
    public bool IsNegotiated { get; private set; }

    /// <summary>Gets a value indicating whether the server stops and no message is open: a silent MTA has nothing to lose. Any thread may look, and be late.</summary>
    public bool MayEndSilent => _standing.Drains && !_message.IsOpen;

    public MilterContext Context => _view.Context;

    /// <summary>Gets how many bytes of the input of the current (or last) <see cref="Process"/> are used up.</summary>
    public int Consumed { get; private set; }

    /// <summary>Gets a value indicating whether the conversation has ended, by QUIT or by something that is not the protocol.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Gets a value indicating whether handlers that were suspended look at the input.</summary>
    public bool BorrowsInput => _frame.IsBorrowed;

    public bool CanResume => _turns.CanResume;

    private SessionFacts Facts => _view.Facts;

    private bool IsOwed => _turns.Instance is { IsOwed: true, IsBusy: false };

    /// <summary>Handles complete frames of the input: all, unless it is told otherwise.</summary>
    /// <param name="input">The bytes, kept unchanged by the caller until the turn that looks at them has ended.</param>
    /// <param name="now">When they could be read.</param>
    /// <returns>What the owner does next; <see cref="Consumed"/> says how far it got.</returns>
    public SessionStatus Process(ReadOnlyMemory<byte> input, long now)
    {
        _frame.EndInput(Consumed);
        Consumed = 0;
        _turns.BeginBatch(now);
        _ = MemoryMarshal.TryGetArray(input, out ArraySegment<byte> segment);
        (byte[] array, int start, int count) = (segment.Array!, segment.Offset, segment.Count);
        while (!IsClosed)
        {
            if (_output.IsFull)
            {
                _turns.EndBatch(_message.Phase == MessagePhase.Open);
                return SessionStatus.Full;
            }

            int at = Consumed;
            var rest = new ReadOnlySpan<byte>(array, start + at, count - at);
            FrameStatus status = FrameReader.Measure(rest, Facts.Terms.MaxPayload, out int length);
            if (status == FrameStatus.Incomplete)
            {
                _frame.Clear();
                _turns.EndBatch(_message.Phase == MessagePhase.Open);
                return SessionStatus.NeedMore;
            }

            if (status != FrameStatus.Complete)
            {
                return status == FrameStatus.Empty ? Garbage(rest, "empty_frame", "a frame of length 0") : Garbage(rest, "long_frame", "a frame longer than agreed");
            }

            Consumed = at + length;
            _frame.Set(array, start + at + MilterLimits.FrameHeader, length - MilterLimits.FrameHeader);
            SessionStatus next = Handle();
            if (next != SessionStatus.NeedMore)
            {
                return next;
            }
        }

        return SessionStatus.Closed;
    }

    /// <summary>Goes on after what was awaited has completed. <see cref="CanResume"/> says whether it has.</summary>
    /// <returns>What the owner does next.</returns>
    public SessionStatus Resume()
    {
        if (_turns.GoesOn)
        {
            _turns.GoesOn = false;
            return Settle(_then);
        }

        if (!_turns.TryResume())
        {
            return SessionStatus.Expired;
        }

        if (_turns.Job != Owed.None)
        {
            _endings.Settled(_then == Then.Take, Facts);
            return Settle(_then);
        }

        _message.RenewPlanAtEnd();
        return Answered(FilterTurns.Outcome.Ended, _turns.Turn.Stage);
    }

    /// <summary>Goes on without handlers whose time was spent. What they still hold must not become the next message's. Called by the owner, once the turn has expired; no handler is called.</summary>
    /// <returns>What the owner does next.</returns>
    public SessionStatus Expire()
    {
        Turn expired = _turns.Expire();
        _view.Abandon();
        _turns.Instance.IsHeld = true;
        SessionStatus next = _turns.Job == Owed.None ? ExpireStep(expired) : ExpireJob(expired);
        _turns.Instance.IsHeld = false;
        return next;
    }

    /// <summary>Says that the MTA is gone, or that the server is forced to stop: the token of the running handler fires. Any thread may call it.</summary>
    public void PeerGone()
    {
        _turns.IsPeerGone = true;
        Turn turn = Turn;
        turn.Cancel(turn.Ticket);
    }

    /// <summary>Ends the SMTP session at its next MAIL or RCPT with 421. The message that is open goes on. Any thread may call it.</summary>
    public void BeginDrain() => _standing.BeginDrain();

    /// <summary>The running handler has kept its thread from other work. Any thread may call it.</summary>
    /// <param name="used">The processor time that the handler's thread has used, in nanoseconds; negative where it is not known.</param>
    public void NoteStall(long used = -1)
    {
        Turn turn = Turn;
        if (turn.TryNoteStall(isSeen: true, used))
        {
            _settings.Stages.Note(turn.Stage);
        }
    }

    /// <summary>A handler runs on a thread that has lost its lead before: it has kept its thread if it goes on for long. Any thread may call it.</summary>
    /// <param name="used">The processor time that the thread has used, in nanoseconds.</param>
    public void NoteEntered(long used) => Turn.TryNoteStall(isSeen: false, used);

    /// <summary>Ends the session: the message that is open, the filter instance, its services. The owner calls it once, after the last frame, when no turn runs.</summary>
    /// <param name="isLost">Whether the MTA went without QUIT.</param>
    /// <returns><see cref="SessionStatus.Closed"/> when all is done, or left to handlers that are late.</returns>
    public SessionStatus End(bool isLost)
    {
        IsClosed = true;
        return EndSession(isLost ? MessageOutcome.ConnectionLost : MessageOutcome.Aborted, Then.End);
    }

    private SessionStatus Handle()
    {
        if (!IsNegotiated && _frame.Command != MilterCommand.OptNeg)
        {
            return Garbage(default, "before_negotiation", $"{Name(_frame.Command)} before the negotiation");
        }

        switch (_frame.Command)
        {
            case MilterCommand.OptNeg:
                return Negotiate();
            case MilterCommand.Macro:
                return StoreMacros();
            case MilterCommand.Abort:
                return GiveUpMessage(Then.ReadOn);
            case MilterCommand.Quit:
                return Close();
            case MilterCommand.QuitNewConnection:
                return EndSession(MessageOutcome.Aborted, Then.EndSession);
            default:
                return StepInfo.Of(_frame.Command) is { } step ? Take(step) : Garbage(default, "unknown_command", $"the unknown command {Name(_frame.Command)}");
        }
    }

    private SessionStatus Negotiate()
    {
        if (_message.Phase != MessagePhase.None)
        {
            return GiveUpMessage(Then.Again);
        }

        Facts.Macros.EndMessage();
        bool isReached = Agreement.TryReach(_settings, _standing, _frame.Payload, _output.Writer, Facts, _isUsed, out string? error);
        IsNegotiated |= Facts.Terms.IsReached;
        return isReached ? SessionStatus.NeedMore
            : error is not null ? Garbage(default, "payload", error)
            : Close();
    }

    private SessionStatus StoreMacros()
    {
        ReadOnlySpan<byte> payload = _frame.Payload;
        if (payload is [var command, ..] && StepInfo.Of((MilterCommand)command) is { KeepsMacros: false } step && (_settings.Descriptor.Handles & step.Stage) == 0)
        {
            // Postfix sends them with every header field and chunk, and they end with it before anybody could look.
            return SessionStatus.NeedMore;
        }

        return KeepMacros(payload);
    }

    private SessionStatus KeepMacros(ReadOnlySpan<byte> payload)
    {
        if (!MacroPayload.TryRead(payload, out MacroPayload macros, out string? error))
        {
            return Garbage(default, "payload", error!);
        }

        if (macros.Command == MilterCommand.Mail)
        {
            // Sendmail says nothing else when a message was given up after a MAIL without a reply.
            if (_message.Phase != MessagePhase.None)
            {
                return GiveUpMessage(Then.Again);
            }

            if (IsOwed)
            {
                return Settle(Then.Again);
            }

            Facts.Macros.EndMessage();
        }

        if (macros.Command == MilterCommand.Rcpt)
        {
            _reader.NoteRecipientMacros();
        }

        Facts.Macros.Store(macros.Command, payload);
        return SessionStatus.NeedMore;
    }

    private SessionStatus Take(StepInfo step)
    {
        if (!_isUsed)
        {
            // Who only looks whether the filter answers says nothing after the negotiation, and is not counted.
            _isUsed = true;
            _settings.Observer.ConnectionUsed(_settings.Refuse);
            _settings.Observer.Negotiated(Facts.Terms.Missing);
        }

        // A step that ends the message before it, or begins one.
        bool isMail = step.Command == MilterCommand.Mail;
        if (_message.IsOpen && (isMail || step.Command is MilterCommand.Helo or MilterCommand.Connect))
        {
            return GiveUpMessage(Then.Again);
        }

        _view.Take(step);
        if (isMail || (step.OfMessage && _message.Phase == MessagePhase.None))
        {
            return isMail && IsOwed ? Settle(Then.Again) : BeginMessage();
        }

        if (step.Command == MilterCommand.Rcpt && _message.Phase == MessagePhase.RefusedAtData)
        {
            // Sendmail keeps the transaction open after a refused DATA.
            _message.Phase = MessagePhase.Open;
        }

        return Take();
    }

    private SessionStatus Take()
    {
        StepInfo step = _view.Step;
        if (!_reader.TryTake(step, Facts, out string? error))
        {
            return Garbage(default, "payload", $"{Name(_frame.Command)} with {error}");
        }

        // Nearly always, and for every header field.
        if (_replies.MayAsk(step))
        {
            if ((_settings.Descriptor.Handles & step.Stage) == 0 && _replies.IsMute(step, Facts))
            {
                return EndMute(step);
            }
        }
        else if (_replies.Decide(step, Facts) is { } verdict)
        {
            return Reply(VerdictGate.Legal(step.Stage, verdict));
        }

        return Ask(step.Command == MilterCommand.Rcpt && _message.IsRejected ? MilterStages.RejectedRcpt : step.Stage, Then.Reply);
    }

    private SessionStatus BeginMessage()
    {
        Instance instance = _turns.Instance;
        _standing.BeginMessage();
        _message.Begin(isUnseen: instance.IsBusy || _standing.RefusesAll || _standing.Drains || _settings.Limits.Late.IsFull, Facts);
        _reader.CheckStorage();
        if (!_settings.Descriptor.HasPerMessageState || instance.IsBusy || !instance.Exists)
        {
            return Take();
        }

        // What handlers of CONNECT and HELO have left there.
        instance.Owe(Owed.Reset);
        return Settle(Then.Take);
    }

    private SessionStatus Ask(MilterStages stage, Then then)
    {
        if (stage == MilterStages.Eom)
        {
            if (!_frame.Payload.IsEmpty && then == Then.Reply)
            {
                // No MTA sends body data with EOM, but the protocol has it: libmilter runs the body's handlers, then those of EOM.
                _reader.TakeBody(_frame.Payload);
                return Ask(MilterStages.Body, Then.LastChunk);
            }

            _message.CompleteBody();
        }

        _then = then;
        if ((_settings.Descriptor.Handles & stage) == 0)
        {
            return Answer(stage, default);
        }

        if (stage == MilterStages.Eom)
        {
            _message.BeginPlan(Facts.Terms, _turns);
        }

        return Answered(_turns.Ask(stage, _frame), stage);
    }

    private SessionStatus Answered(FilterTurns.Outcome outcome, MilterStages stage) => outcome switch
    {
        FilterTurns.Outcome.Ended => Answer(stage, _turns.Failure is { } failure ? _replies.Failed(failure, stage, Facts) : _turns.Verdict),
        FilterTurns.Outcome.Suspended => SessionStatus.Suspended,
        _ => SessionStatus.Deposed,
    };

    // A step that handlers let pass and that has no reply.
    private SessionStatus EndMute(StepInfo step)
    {
        _replies.EndStep(step, Facts);
        return SessionStatus.NeedMore;
    }

    // What handlers have said, or would have.
    private SessionStatus Answer(MilterStages stage, Verdict verdict)
    {
        if (verdict.IsContinue && _then == Then.Reply && _replies.IsMute(_view.Step, Facts))
        {
            return EndMute(_view.Step);
        }

        if (_then == Then.LastChunk)
        {
            _frame.Abandon();
            verdict = verdict.Kind == VerdictKind.Skip ? Verdict.Continue : verdict;
            if (verdict.IsContinue)
            {
                return Ask(MilterStages.Eom, Then.Reply);
            }
        }

        return Reply(stage == MilterStages.RejectedRcpt ? Verdict.Continue : _replies.Legal(_view.Step, verdict, _frame, Facts));
    }

    private SessionStatus Reply(Verdict verdict)
    {
        StepInfo step = _view.Step;
        bool atEom = step.Stage == MilterStages.Eom && _message.Phase == MessagePhase.Open;
        if (step.Command == MilterCommand.Rcpt)
        {
            _view.EndRecipient();
        }

        if (_replies.Reply(step, verdict, Facts) is not { } last)
        {
            return SessionStatus.NeedMore;
        }

        bool refuses = VerdictGate.Refuses(last);
        _standing.Stray = atEom && !refuses ? Verdict.Continue : last;
        if (step.Command == MilterCommand.Data && refuses)
        {
            _message.Phase = MessagePhase.RefusedAtData;
            return SessionStatus.NeedMore;
        }

        return EndMessage(VerdictGate.Outcome(last), Then.ReadOn, atEom ? MessagePhase.None : MessagePhase.Over);
    }

    private SessionStatus GiveUpMessage(Then then) => EndMessage(_message.GivenUp, then, MessagePhase.None);

    private SessionStatus EndMessage(MessageOutcome outcome, Then then, MessagePhase phase)
    {
        // Whoever has begun to listen since the message began is told with the next.
        CountBytes(_message.Observation is { Counts: true });
        return _endings.EndMessage(outcome, phase, Facts) ? Settle(then) : Go(then);
    }

    private SessionStatus EndSession(MessageOutcome outcome, Then then)
    {
        CountBytes(_message.Observation?.Counts ?? _settings.Observer.Counts);
        return _endings.EndSession(outcome, Facts) ? Settle(then) : Go(then);
    }

    // The reply to a message's end goes out later, and counts with what follows.
    private void CountBytes(bool isWatched)
    {
        if (_isUsed && isWatched)
        {
            _settings.Observer.Transferred(_frame.TakeReceived(Consumed), _output.TakeSent());
        }
    }

    // Does what the instance is owed, then goes on.
    private SessionStatus Settle(Then then)
    {
        _then = then;
        while (_turns.Instance.TryTakeOwed(out Owed what))
        {
            switch (_turns.Settle(what))
            {
                case FilterTurns.Outcome.Suspended:
                    return SessionStatus.Suspended;
                case FilterTurns.Outcome.Deposed:
                    return SessionStatus.Deposed;
                default:
                    _endings.Settled(_then == Then.Take, Facts);
                    break;
            }
        }

        return Go(then);
    }

    private SessionStatus Go(Then then)
    {
        if (then is not (Then.Take or Then.End) && _message.IsEnding)
        {
            _endings.ForgetMessage(Facts);
        }

        switch (then)
        {
            case Then.Take:
                return Take();
            case Then.Again:
                return Handle();
            case Then.EndSession:
                _endings.ForgetSession(Facts);
                return SessionStatus.NeedMore;
            case Then.End:
                _ = _endings.ReleaseAsync();
                return SessionStatus.Closed;
            default:
                return IsClosed ? SessionStatus.Closed : SessionStatus.NeedMore;
        }
    }

    private SessionStatus ExpireStep(Turn expired)
    {
        Verdict verdict = _replies.Expired(expired.Stage, Facts);
        if (_view.Step.OfMessage)
        {
            // What was collected of the message goes with the handlers: the rest can't be judged.
            _message.Abandon();
            _standing.Pending = Standing.WithoutJudgement(verdict);
        }

        _then = Then.Reply;
        return Answer(expired.Stage, verdict);
    }

    // What was owed at the end of a message or session is late.
    private SessionStatus ExpireJob(Turn expired)
    {
        Verdict verdict = _replies.Expired(expired.Stage, Facts);
        if ((_turns.Job & Owed.Disposals) != 0)
        {
            // The instance itself is free. What else is owed is done by somebody who may be kept by it.
            _turns.GoesOn = true;
            return SessionStatus.Suspended;
        }

        _message.Abandon();
        if (_then == Then.Take)
        {
            _standing.Pending = Standing.WithoutJudgement(verdict);
        }

        return Go(_then);
    }

    private SessionStatus Close()
    {
        IsClosed = true;
        return SessionStatus.Closed;
    }

    private SessionStatus Garbage(ReadOnlySpan<byte> input, string kind, string what)
    {
        if (_settings.Observer.Garbage(kind))
        {
            SessionLog.Garbage(_settings.Logger, Facts.ConnectionId, Facts.Peer, what, IsNegotiated ? "" : Agreement.Looks(input));
        }

        return Close();
    }

    private static string Name(MilterCommand command) => Enum.IsDefined(command) ? command.ToString() : $"0x{(byte)command:x2}";
}
