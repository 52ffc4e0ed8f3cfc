using System.Runtime.CompilerServices;
using Milter.Message;
using Milter.Output;
using Milter.Protocol;

namespace Milter.Session;

/// <summary>The message of a session: when it begins, what is kept of it, its plan of edits, how it ends.</summary>
internal sealed class MessageCycle(SessionSettings settings)
{
    private MessageState? _state;
    private EditPlan? _plan;
    private ulong _skipped;
    private bool _sentSkip;
    private bool _renewsPlan;

    public MessagePhase Phase { get; set; }

    /// <summary>Gets what tells of the message, or, where none is open, of what happens outside of messages; <see langword="null"/> where nobody listens.</summary>
    public Observation? Observation { get; private set; }

    /// <summary>Gets the plan of edits. Made with the first end of a message that is handled, by whoever owns the connection: one that waits for its first message has none.</summary>
    /// <exception cref="InvalidOperationException">No end of a message has come yet.</exception>
    public EditPlan Plan => _plan ?? throw new InvalidOperationException("What changes a message is valid at end of message only.");

    /// <summary>Gets or sets a value indicating whether macros of RCPT have come, which say whether the MTA itself refuses the recipient that comes next.</summary>
    public bool HasRecipientMacros { get; set; }

    /// <summary>Gets or sets a value indicating whether the recipient at hand was refused by the MTA itself.</summary>
    public bool IsRejected { get; set; }

    /// <summary>Gets or sets a value indicating whether the message did not come by SMTP.</summary>
    public bool IsNonSmtp { get; set; }

    /// <summary>Gets a value indicating whether the engine refused the message before the filter could see it.</summary>
    public bool IsUnseen { get; private set; }

    /// <summary>Gets a value indicating whether the message is at its end and is forgotten when that is done.</summary>
    public bool IsEnding { get; private set; }

    public bool IsOpen => Phase is MessagePhase.Open or MessagePhase.RefusedAtData;

    // Made with the first message: a connection that sends none, or not yet, needs none.
    public MessageState State
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _state ?? Make();
    }

    /// <summary>Gets a value indicating whether the client has asked for internationalized mail.</summary>
    public bool IsSmtpUtf8 => _state?.Envelope is { HasSender: true } envelope && envelope.Sender.IsSmtpUtf8;

    public bool AllSkipped => System.Numerics.BitOperations.PopCount(_skipped) >= settings.Descriptor.BodyConsumers;

    /// <summary>Gets how a message ends that the MTA drops: one that was refused at DATA ended by that.</summary>
    public MessageOutcome GivenUp => Phase == MessagePhase.RefusedAtData ? MessageOutcome.Refused : MessageOutcome.Aborted;

    public bool HasSkipped(int consumer) => (_skipped & (1UL << consumer)) != 0;

    public void MarkSkipped(int consumer) => _skipped |= 1UL << consumer;

    /// <summary>A message begins.</summary>
    /// <param name="isUnseen">Whether it is refused without being shown.</param>
    /// <param name="facts">What is known of the session.</param>
    public void Begin(bool isUnseen, SessionFacts facts)
    {
        EndObservation();
        Observation = Observation.OfMessage(settings, facts);
        Phase = MessagePhase.Open;
        State.Begin();
        IsRejected = false;
        IsNonSmtp = false;
        IsUnseen = isUnseen;
        _skipped = 0;
        _sentSkip = false;
    }

    /// <summary>Something happens outside of messages.</summary>
    /// <returns>What tells of it; <see langword="null"/> where nobody listens.</returns>
    public Observation? ObserveSession(SessionFacts facts) => Observation ??= Observation.OfSession(settings, facts);

    public void CompleteBody() => State.Body.Complete(cutBySkip: _sentSkip);

    public void BeginPlan(SessionTerms agreed, IProgressSink sink)
    {
        _plan ??= new EditPlan(settings.Options, settings.Limits);
        _plan.Begin(agreed.Actions, agreed.Space, State.Headers, State.Envelope, State.KeptBody, sink, degrade: agreed.Missing != 0);
    }

    /// <summary>Drops what was planned.</summary>
    public void ResetPlan() => _plan?.Reset();

    /// <summary>Puts the plan of edits into the outbox, before the verdict.</summary>
    public PlanOutcome WritePlan(Outbox output, Verdict verdict)
    {
        PlanOutcome outcome = _plan?.WriteTo(output, verdict, Observation?.Told) ?? default;
        Observation?.Edited(outcome.Edits);
        return outcome;
    }

    /// <summary>Handlers have gone on after giving their thread back, and may have left something running that holds the editors: it must not reach the next message.</summary>
    public void RenewPlanAtEnd() => _renewsPlan = true;

    /// <summary>SKIP is sent once, where it was agreed, when all who want the body have had enough.</summary>
    public Verdict SkipWhereAgreed(Verdict verdict, SessionTerms agreed)
    {
        if (verdict.Kind != VerdictKind.Skip)
        {
            return verdict;
        }

        if (!State.BodyHasEnough || _sentSkip || !agreed.Has(ProtocolSteps.Skip))
        {
            return Verdict.Continue;
        }

        _sentSkip = true;
        return verdict;
    }

    /// <summary>The message is over, once: it is counted, its editors are closed, and the instance is owed what follows. <see cref="Forget"/> comes after that.</summary>
    public void End(MessageOutcome outcome, Instance instance, SessionFacts facts)
    {
        IsEnding = true;
        settings.Observer.MessageEnded(outcome);
        Observation?.MessageEnded(outcome, facts);
        if (_renewsPlan)
        {
            _renewsPlan = false;
            _plan?.Renew();
        }
        else
        {
            _plan?.Reset();
        }

        if (!IsUnseen)
        {
            instance.OweMessage(outcome);
        }
    }

    /// <summary>Forgets the message.</summary>
    public void Forget()
    {
        IsEnding = false;
        HasRecipientMacros = false;
        EndObservation();
        _state?.Reset();
    }

    /// <summary>Leaves what there is of the message to handlers that are late, and goes on with an empty one.</summary>
    public void Abandon()
    {
        _plan?.Renew();
        _state = _state?.Abandon();
        if (Phase == MessagePhase.Open)
        {
            State.Begin();
        }
    }

    public void Release()
    {
        EndObservation();
        _state?.Dispose();
        _plan?.Dispose();
    }

    private MessageState Make() => _state = settings.NewMessage();

    private void EndObservation()
    {
        if (Observation is { } observation)
        {
            Observation = null;
            observation.Close();
        }
    }
}

/// <summary>How far a message has come.</summary>
internal enum MessagePhase
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
