using Milter.Message;

namespace Milter.Session;

/// <summary>What a session tells to those who count. Every call is cheap and may come from any thread.</summary>
internal class SessionObserver
{
    /// <summary>Gets a value indicating whether somebody listens to what is told of each stage: <see cref="HandlersRan"/>, <see cref="Replied"/>, <see cref="Edited"/>, <see cref="Transferred"/>. Asked once a message.</summary>
    public virtual bool Counts => false;

    /// <summary>The MTA has said more on its connection than the negotiation. Told once a connection.</summary>
    /// <param name="isRefused">Whether the connection is over the cap.</param>
    public virtual void ConnectionUsed(bool isRefused)
    {
    }

    /// <summary>Handlers have returned, or nobody waits for them any more.</summary>
    /// <param name="stage">Their stage.</param>
    /// <param name="time">How long they took.</param>
    public virtual void HandlersRan(MilterStages stage, TimeSpan time)
    {
    }

    /// <summary>The MTA got a reply.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="verdict">The verdict.</param>
    /// <param name="waited">How long it waited.</param>
    public virtual void Replied(MilterStages stage, VerdictKind verdict, TimeSpan waited)
    {
    }

    /// <summary>Modifications went out with a verdict.</summary>
    /// <param name="edits">How many of each kind.</param>
    public virtual void Edited(in EditCounts edits)
    {
    }

    /// <summary>So many bytes came and went.</summary>
    /// <param name="received">From the MTA, since it was told last.</param>
    /// <param name="sent">To it.</param>
    public virtual void Transferred(long received, long sent)
    {
    }

    /// <summary>A message has ended for this filter.</summary>
    /// <param name="outcome">How.</param>
    public virtual void MessageEnded(MessageOutcome outcome)
    {
    }

    /// <summary>A handler threw.</summary>
    /// <param name="stage">Its stage.</param>
    /// <param name="exception">What it threw.</param>
    public virtual void HandlerFailed(MilterStages stage, Exception exception)
    {
    }

    /// <summary>A handler's time was spent before it returned.</summary>
    /// <param name="stage">Its stage.</param>
    public virtual void HandlerExpired(MilterStages stage)
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

    /// <summary>What an MTA offers is known. Not told of who negotiates, gets what it asks for and goes: that is somebody who looks whether the filter answers.</summary>
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
    /// <param name="kind">What is wrong with it, in a word for counters.</param>
    /// <returns>Whether to say so in the log: a port scan is told by number.</returns>
    public virtual bool Garbage(string kind) => true;
}
