using Milter.CompilerServices;
using Milter.Message;

namespace Milter.Session;

/// <summary>The step at hand as handlers are shown it.</summary>
internal sealed class StepView(FilterTurns turns, StepFrame frame, MessageCycle message, SessionFacts facts) : IStepSource
{
    private EnvelopeAddress? _recipient;

    public StepInfo Step { get; private set; } = StepInfo.Of(Protocol.MilterCommand.Connect)!;

    public MilterContext Context { get; private set; } = new(facts);

    public ReadOnlyMemory<byte> Data => frame.Data;

    public ReadOnlySpan<byte> DataBytes => frame.DataBytes;

    public ReadOnlySpan<byte> NameBytes => frame.Name;

    public MilterStages Stage => turns.Turn.Stage;

    public BoundValues Values => turns.Instance.Values(turns.Step);

    public SessionFacts Facts { get; private set; } = facts;

    public MessageState Message => message.State;

    public EditPlan Plan => message.Plan;

    public MessageOutcome Outcome => turns.Instance.Outcome;

    public CancellationToken Cancellation => turns.Turn.Token;

    public EnvelopeAddress Address
    {
        get
        {
            if (Step.Stage == MilterStages.Mail)
            {
                return message.State.Envelope.Sender;
            }

            EnvelopeAddress recipient = _recipient ??= new EnvelopeAddress();
            recipient.Set(frame.Payload);
            return recipient;
        }
    }

    public IServiceProvider Services => turns.Turn.Stage is MilterStages.Connect or MilterStages.Helo or MilterStages.Unknown or MilterStages.Close
        ? turns.Instance.SessionServices()
        : turns.Instance.MessageServices();

    public bool AllSkipped => message.AllSkipped;

    public bool HasSkipped(int consumer) => message.HasSkipped(consumer);

    public void MarkSkipped(int consumer) => message.MarkSkipped(consumer);

    /// <summary>A step comes.</summary>
    public void Take(StepInfo step)
    {
        if (!ReferenceEquals(Step, step))
        {
            // As for most header fields: a reference that is stored costs more than a look.
            Step = step;
        }
    }

    /// <summary>The step has its reply: what handlers keep of its recipient, against the rules, must not show the next one's.</summary>
    public void EndRecipient() => _recipient?.Clear();

    /// <summary>Leaves what handlers that are late look at to them, and goes on with copies.</summary>
    public void Abandon()
    {
        _recipient = null;
        frame.Abandon();
        Facts = Facts.Copy();
        Context = new MilterContext(Facts);
    }
}
