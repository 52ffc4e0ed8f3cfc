namespace Milter.Session;

/// <summary>What a session tells to those who count. Every call is cheap and may come from any thread.</summary>
internal class SessionObserver
{
    /// <summary>A message has ended for this filter.</summary>
    /// <param name="outcome">How.</param>
    public virtual void MessageEnded(MessageOutcome outcome)
    {
    }

    /// <summary>A handler threw.</summary>
    public virtual void HandlerFailed()
    {
    }

    /// <summary>A handler's time was spent before it returned.</summary>
    public virtual void HandlerExpired()
    {
    }

    /// <summary>Handlers have kept their thread from other work.</summary>
    /// <param name="stage">Their stage.</param>
    /// <param name="stall">For how long, and at what.</param>
    public virtual void HandlerBlocked(MilterStages stage, Stall stall)
    {
    }

    /// <summary>A verdict was not legal where it was given, and was replaced.</summary>
    public virtual void VerdictReplaced()
    {
    }

    /// <summary>A negotiation has ended.</summary>
    /// <param name="missing">The actions that the filter requires and the MTA does not offer.</param>
    public virtual void Negotiated(Protocol.MilterActions missing)
    {
    }

    /// <summary>A limit was reached.</summary>
    /// <param name="option">The option that has it.</param>
    /// <param name="outcome">What becomes of what is beyond it, in words; <see langword="null"/> where that was told already.</param>
    public virtual void LimitReached(string option, string? outcome)
    {
    }

    /// <summary>What came is not the protocol; the connection is closed.</summary>
    /// <returns>Whether to say so in the log: a port scan is told by number.</returns>
    public virtual bool Garbage() => true;
}
