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
    private readonly ConversationParts _parts;
    private readonly StepView _view;

    private InputFrames _input;
    private Then _then;

    // Steps, a bit each: whose macros end with them before anybody could look; and that have neither handlers nor a reply.
    private uint _unseenMacros;
    private uint _mute;
    private bool _isUsed;

    public Conversation(SessionSettings settings, ISessionHost host, Outbox output, string connectionId, object peer)
    {
        _parts = new ConversationParts(settings, host, output, new SessionFacts(settings.MacroNames, connectionId, peer, settings.EndPoint));
        _view = _parts.Turns.View;
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

    public Turn Turn => _parts.Turns.Turn;

    /// <summary>Gets a value indicating whether the MTA has negotiated.</summary>
    public bool IsNegotiated { get; private set; }

    /// <summary>Gets a value indicating whether the server stops and no message is open: a silent MTA has nothing to lose. Any thread may look, and be late.</summary>
    public bool MayEndSilent => _parts.Standing.Drains && !_parts.Message.IsOpen;

    public MilterContext Context => _view.Context;

    /// <summary>Gets how many bytes of the input of the current (or last) <see cref="Process"/> are used up.</summary>
    public int Consumed => _input.Consumed;

    /// <summary>Gets a value indicating whether the conversation has ended, by QUIT or by something that is not the protocol.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Gets a value indicating whether handlers that were suspended look at the input.</summary>
    public bool BorrowsInput => _parts.Frame.IsBorrowed;

    public bool CanResume => _parts.Turns.CanResume;

    private StepReader Reader => new(_parts);

    private StepReplies Replies => new(_parts);

    private Endings Endings => new(_parts);

    private SessionFacts Facts => _view.Facts;

    private bool IsOwed => _parts.Turns.Instance is { IsOwed: true, IsBusy: false };

    /// <summary>Handles complete frames of the input: all, unless it is told otherwise.</summary>
    /// <param name="input">The bytes, kept unchanged by the caller until the turn that looks at them has ended.</param>
    /// <param name="now">When they could be read.</param>
    /// <returns>What the owner does next; <see cref="Consumed"/> says how far it got.</returns>
    public SessionStatus Process(ReadOnlyMemory<byte> input, long now)
    {
        _ = MemoryMarshal.TryGetArray(input, out ArraySegment<byte> segment);
        (byte[] array, int end) = (segment.Array!, segment.Offset + segment.Count);
        _input.Begin(segment.Offset);
        if (IsClosed)
        {
            return SessionStatus.Closed;
        }

        _parts.Turns.BeginBatch(now);
        while (!_parts.Output.IsFull)
        {
            FrameStatus status = _input.Next(_parts.Frame, array, end, Facts.Terms.MaxPayload);
            if (status != FrameStatus.Complete)
            {
                return EndInput(status, _input.Rest(array, end));
            }

            // Postfix sends macros with every header field and chunk.
            SessionStatus next = _parts.Frame.HasMacrosOf(_unseenMacros) ? SessionStatus.NeedMore : Handle();
            if (next != SessionStatus.NeedMore)
            {
                return next;
            }
        }

        EndBatch();
        return SessionStatus.Full;
    }

    /// <summary>Goes on after what was awaited has completed. <see cref="CanResume"/> says whether it has.</summary>
    /// <returns>What the owner does next.</returns>
    public SessionStatus Resume()
    {
        if (_parts.Turns.GoesOn)
        {
            _parts.Turns.GoesOn = false;
            return Settle(_then);
        }

        if (!_parts.Turns.TryResume())
        {
            return SessionStatus.Expired;
        }

        if (_parts.Turns.Job != Owed.None)
        {
            Endings.Settled(_then == Then.Take, Facts);
            return Settle(_then);
        }

        _parts.Message.RenewPlanAtEnd();
        return Answered(FilterTurns.Outcome.Ended, _parts.Turns.Turn.Stage);
    }

    /// <summary>Goes on without handlers whose time was spent. What they still hold must not become the next message's. Called by the owner, once the turn has expired; no handler is called.</summary>
    /// <returns>What the owner does next.</returns>
    public SessionStatus Expire()
    {
        Turn expired = _parts.Turns.Expire();
        _view.Abandon();
        _parts.Turns.Instance.IsHeld = true;
        SessionStatus next = _parts.Turns.Job == Owed.None ? ExpireStep(expired) : ExpireJob(expired);
        _parts.Turns.Instance.IsHeld = false;
        return next;
    }

    /// <summary>Says that the MTA is gone, or that the server is forced to stop: the token of the running handler fires. Any thread may call it.</summary>
    public void PeerGone()
    {
        _parts.Turns.IsPeerGone = true;
        Turn turn = Turn;
        turn.Cancel(turn.Ticket);
    }

    /// <summary>Ends the SMTP session at its next MAIL or RCPT with 421. The message that is open goes on. Any thread may call it.</summary>
    public void BeginDrain() => _parts.Standing.BeginDrain();

    /// <summary>The running handler has kept its thread from other work. Any thread may call it.</summary>
    /// <param name="used">The processor time that the handler's thread has used, in nanoseconds; negative where it is not known.</param>
    public void NoteStall(long used = -1)
    {
        Turn turn = Turn;
        if (turn.TryNoteStall(isSeen: true, used))
        {
            _parts.Settings.Stages.Note(turn.Stage);
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

    private void EndBatch() => _parts.Turns.EndBatch(_parts.Message.Phase == MessagePhase.Open);

    private SessionStatus EndInput(FrameStatus status, ReadOnlySpan<byte> rest)
    {
        switch (status)
        {
            case FrameStatus.Incomplete:
                _parts.Frame.Clear();
                EndBatch();
                return SessionStatus.NeedMore;
            case FrameStatus.Empty:
                return Garbage(rest, "empty_frame", "a frame of length 0");
            default:
                return Garbage(rest, "long_frame", "a frame longer than agreed");
        }
    }

    private SessionStatus Handle()
    {
        StepInfo? step = StepInfo.Of(_parts.Frame.Command);
        if (step is { InMessage: true } && _parts.Message.Phase == MessagePhase.Open)
        {
            // Nearly always: nothing ends and nothing begins with it.
            _view.Take(step);
            return Take();
        }

        if (!IsNegotiated && _parts.Frame.Command != MilterCommand.OptNeg)
        {
            return Garbage(default, "before_negotiation", $"{Name(_parts.Frame.Command)} before the negotiation");
        }

        switch (_parts.Frame.Command)
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
                return step is not null ? Take(step) : Garbage(default, "unknown_command", $"the unknown command {Name(_parts.Frame.Command)}");
        }
    }

    private SessionStatus Negotiate()
    {
        if (_parts.Message.Phase != MessagePhase.None)
        {
            return GiveUpMessage(Then.Again);
        }

        Facts.Macros.EndMessage();
        bool isReached = Agreement.TryReach(_parts.Settings, _parts.Standing, _parts.Frame.Payload, _parts.Output.Writer, Facts, _isUsed, out string? error);
        if (Facts.Terms.IsReached)
        {
            IsNegotiated = true;
            _unseenMacros = StepInfo.BitsOf(step => !step.KeepsMacros && !Handles(step.Stage));
            _mute = StepInfo.BitsOf(step => !Handles(step.Stage) && Replies.IsMute(step, Facts));
        }

        return isReached ? SessionStatus.NeedMore
            : error is not null ? Garbage(default, "payload", error)
            : Close();
    }

    private SessionStatus StoreMacros()
    {
        ReadOnlySpan<byte> payload = _parts.Frame.Payload;
        if (!MacroPayload.TryRead(payload, out MacroPayload macros, out string? error))
        {
            return Garbage(default, "payload", error!);
        }

        if (macros.Command == MilterCommand.Mail)
        {
            // Sendmail says nothing else when a message was given up after a MAIL without a reply.
            if (_parts.Message.Phase != MessagePhase.None)
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
            _parts.Message.HasRecipientMacros = true;
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
            _parts.Settings.Observer.ConnectionUsed(_parts.Settings.Refuse);
            _parts.Settings.Observer.Negotiated(Facts.Terms.Missing);
        }

        // A step that ends the message before it, or begins one.
        bool isMail = step.Command == MilterCommand.Mail;
        if (_parts.Message.IsOpen && (isMail || step.Command is MilterCommand.Helo or MilterCommand.Connect))
        {
            return GiveUpMessage(Then.Again);
        }

        _view.Take(step);
        if (isMail || (step.OfMessage && _parts.Message.Phase == MessagePhase.None))
        {
            return isMail && IsOwed ? Settle(Then.Again) : BeginMessage();
        }

        if (step.Command == MilterCommand.Rcpt && _parts.Message.Phase == MessagePhase.RefusedAtData)
        {
            // Sendmail keeps the transaction open after a refused DATA.
            _parts.Message.Phase = MessagePhase.Open;
        }

        return Take();
    }

    private SessionStatus Take()
    {
        StepInfo step = _view.Step;
        bool isRead = step.Command == MilterCommand.Header ? Reader.TryTakeHeader(Facts, out string? error) : Reader.TryTake(step, Facts, out error);
        if (!isRead)
        {
            return Garbage(default, "payload", $"{Name(_parts.Frame.Command)} with {error}");
        }

        // Nearly always, and for every header field.
        if (Replies.MayAsk(step))
        {
            if ((_mute & step.Bit) != 0)
            {
                return SessionStatus.NeedMore;
            }
        }
        else if (Replies.Decide(step, Facts) is { } verdict)
        {
            return Reply(VerdictGate.Legal(step.Stage, verdict));
        }

        return Ask(step.Command == MilterCommand.Rcpt && _parts.Message.IsRejected ? MilterStages.RejectedRcpt : step.Stage, Then.Reply);
    }

    private SessionStatus BeginMessage()
    {
        Instance instance = _parts.Turns.Instance;
        _parts.Standing.BeginMessage();
        _parts.Message.Begin(isUnseen: instance.IsBusy || _parts.Standing.RefusesAll || _parts.Standing.Drains || _parts.Settings.Limits.Late.IsFull, Facts);
        Reader.CheckStorage();
        if (!_parts.Settings.Descriptor.HasPerMessageState || instance.IsBusy || !instance.Exists)
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
            if (!_parts.Frame.Payload.IsEmpty && then == Then.Reply)
            {
                // No MTA sends body data with EOM, but the protocol has it: libmilter runs the body's handlers, then those of EOM.
                Reader.TakeBody(_parts.Frame.Payload);
                return Ask(MilterStages.Body, Then.LastChunk);
            }

            _parts.Message.CompleteBody();
        }

        _then = then;
        if (!Handles(stage))
        {
            return Answer(stage, default);
        }

        if (stage == MilterStages.Eom)
        {
            _parts.Message.BeginPlan(Facts.Terms, _parts.Turns);
        }

        return Answered(_parts.Turns.Ask(stage, _parts.Frame), stage);
    }

    private SessionStatus Answered(FilterTurns.Outcome outcome, MilterStages stage) => outcome switch
    {
        FilterTurns.Outcome.Ended => Answer(stage, _parts.Turns.Failure is { } failure ? Replies.Failed(failure, stage, Facts) : _parts.Turns.Verdict),
        FilterTurns.Outcome.Suspended => SessionStatus.Suspended,
        _ => SessionStatus.Deposed,
    };

    // What handlers have said, or would have.
    private SessionStatus Answer(MilterStages stage, Verdict verdict)
    {
        if (verdict.IsContinue && _then == Then.Reply && Replies.IsMute(_view.Step, Facts))
        {
            Replies.EndStep(_view.Step, Facts);
            return SessionStatus.NeedMore;
        }

        if (_then == Then.LastChunk)
        {
            _parts.Frame.Abandon();
            verdict = verdict.Kind == VerdictKind.Skip ? Verdict.Continue : verdict;
            if (verdict.IsContinue)
            {
                return Ask(MilterStages.Eom, Then.Reply);
            }
        }

        return Reply(stage == MilterStages.RejectedRcpt ? Verdict.Continue : Replies.Legal(_view.Step, verdict, Facts));
    }

    private SessionStatus Reply(Verdict verdict)
    {
        StepInfo step = _view.Step;
        bool atEom = step.Stage == MilterStages.Eom && _parts.Message.Phase == MessagePhase.Open;
        if (step.Command == MilterCommand.Rcpt)
        {
            _view.EndRecipient();
        }

        if (Replies.Reply(step, verdict, Facts) is not { } last)
        {
            return SessionStatus.NeedMore;
        }

        bool refuses = VerdictGate.Refuses(last);
        _parts.Standing.Stray = atEom && !refuses ? Verdict.Continue : last;
        if (step.Command == MilterCommand.Data && refuses)
        {
            _parts.Message.Phase = MessagePhase.RefusedAtData;
            return SessionStatus.NeedMore;
        }

        return EndMessage(VerdictGate.Outcome(last), Then.ReadOn, atEom ? MessagePhase.None : MessagePhase.Over);
    }

    private SessionStatus GiveUpMessage(Then then) => EndMessage(_parts.Message.GivenUp, then, MessagePhase.None);

    private SessionStatus EndMessage(MessageOutcome outcome, Then then, MessagePhase phase)
    {
        // Whoever has begun to listen since the message began is told with the next.
        CountBytes(_parts.Message.Observation is { Counts: true });
        return Endings.EndMessage(outcome, phase, Facts) ? Settle(then) : Go(then);
    }

    private SessionStatus EndSession(MessageOutcome outcome, Then then)
    {
        CountBytes(_parts.Message.Observation?.Counts ?? _parts.Settings.Observer.Counts);
        return Endings.EndSession(outcome, Facts) ? Settle(then) : Go(then);
    }

    // The reply to a message's end goes out later, and counts with what follows.
    private void CountBytes(bool isWatched)
    {
        if (_isUsed && isWatched)
        {
            _parts.Settings.Observer.Transferred(_input.TakeReceived(), _parts.Output.TakeSent());
        }
    }

    // Does what the instance is owed, then goes on.
    private SessionStatus Settle(Then then)
    {
        _then = then;
        while (_parts.Turns.Instance.TryTakeOwed(out Owed what))
        {
            switch (_parts.Turns.Settle(what))
            {
                case FilterTurns.Outcome.Suspended:
                    return SessionStatus.Suspended;
                case FilterTurns.Outcome.Deposed:
                    return SessionStatus.Deposed;
                default:
                    Endings.Settled(_then == Then.Take, Facts);
                    break;
            }
        }

        return Go(then);
    }

    private SessionStatus Go(Then then)
    {
        if (then is not (Then.Take or Then.End) && _parts.Message.IsEnding)
        {
            Endings.ForgetMessage(Facts);
        }

        switch (then)
        {
            case Then.Take:
                return Take();
            case Then.Again:
                return Handle();
            case Then.EndSession:
                Endings.ForgetSession(Facts);
                return SessionStatus.NeedMore;
            case Then.End:
                _ = Endings.ReleaseAsync();
                return SessionStatus.Closed;
            default:
                return IsClosed ? SessionStatus.Closed : SessionStatus.NeedMore;
        }
    }

    private SessionStatus ExpireStep(Turn expired)
    {
        Verdict verdict = Replies.Expired(expired.Stage, Facts);
        if (_view.Step.OfMessage)
        {
            // What was collected of the message goes with the handlers: the rest can't be judged.
            _parts.Message.Abandon();
            _parts.Standing.Pending = Standing.WithoutJudgement(verdict);
        }

        _then = Then.Reply;
        return Answer(expired.Stage, verdict);
    }

    // What was owed at the end of a message or session is late.
    private SessionStatus ExpireJob(Turn expired)
    {
        Verdict verdict = Replies.Expired(expired.Stage, Facts);
        if ((_parts.Turns.Job & Owed.Disposals) != 0)
        {
            // The instance itself is free. What else is owed is done by somebody who may be kept by it.
            _parts.Turns.GoesOn = true;
            return SessionStatus.Suspended;
        }

        _parts.Message.Abandon();
        if (_then == Then.Take)
        {
            _parts.Standing.Pending = Standing.WithoutJudgement(verdict);
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
        if (_parts.Settings.Observer.Garbage(kind))
        {
            SessionLog.Garbage(_parts.Settings.Logger, Facts.ConnectionId, Facts.Peer, what, IsNegotiated ? "" : Agreement.Looks(input));
        }

        return Close();
    }

    private bool Handles(MilterStages stage) => (_parts.Settings.Descriptor.Handles & stage) != 0;

    private static string Name(MilterCommand command) => Enum.IsDefined(command) ? command.ToString() : $"0x{(byte)command:x2}";
}
