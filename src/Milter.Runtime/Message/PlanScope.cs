using Milter.Protocol;

namespace Milter.Message;

/// <summary>What the capabilities of one message share: whether they may still be used, and for what.</summary>
internal sealed class PlanScope
{
    private volatile bool _live;
    private MessageEnvelope? _envelope;

    public MilterActions Agreed { get; private set; }

    public bool Degrade { get; private set; }

    /// <summary>Gets who writes the space behind the colon of a field.</summary>
    public ColonSpace Space { get; private set; }

    /// <summary>Whether text beyond ASCII may stand in header fields as it is (RFC 6532).</summary>
    public bool AllowsUtf8 => _envelope is { HasSender: true } envelope && envelope.Sender.IsSmtpUtf8;

    /// <summary>How many edits the MTA did not agree to.</summary>
    public int Dropped { get; private set; }

    // Set by Begin: before it, and after End, every use of the plan throws before it gets here.
    public IProgressSink Sink { get; private set; } = null!;

    public void Begin(MilterActions agreed, ColonSpace space, MessageEnvelope envelope, bool degrade, IProgressSink sink)
    {
        Agreed = agreed;
        Space = space;
        _envelope = envelope;
        Degrade = degrade;
        Sink = sink;
        Dropped = 0;
        _live = true;
    }

    public void End() => _live = false;

    /// <summary>Says whether an edit that needs these actions is to be kept.</summary>
    /// <exception cref="InvalidOperationException">The message is over, or an action is not agreed and the filter is not to degrade.</exception>
    public bool Allows(MilterActions needed)
    {
        ThrowIfLate();
        MilterActions missing = needed & ~Agreed;
        if (missing == 0)
        {
            return true;
        }

        if (!Degrade)
        {
            ThrowNotAgreed(missing);
        }

        Dropped++;
        return false;
    }

    /// <summary>Refuses an action that is not agreed, whatever the options say.</summary>
    public void Demand(MilterActions needed)
    {
        ThrowIfLate();
        if ((needed & ~Agreed) is not 0 and var missing)
        {
            ThrowNotAgreed(missing);
        }
    }

    public void ThrowIfLate()
    {
        if (!_live)
        {
            throw new InvalidOperationException("The message is over: what changes it is valid at end of message only, until the handler has completed or its time is up.");
        }
    }

    private static void ThrowNotAgreed(MilterActions missing)
    {
        string flag = ProtocolNames.Of((MilterActions)((uint)missing & (~(uint)missing + 1)));
        throw new InvalidOperationException($"{flag} was not agreed with the MTA: it does not offer it, or nothing in the filter asked for it ([Needs] on the parameter does).");
    }
}
