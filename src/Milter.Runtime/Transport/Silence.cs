using Milter.Message;
using Milter.Output;
using Milter.Session;
using Milter.Telemetry;

namespace Milter.Transport;

/// <summary>Since when a peer has neither said nor taken anything, and when that is too long.</summary>
/// <remarks>A part of the connection, whose settings, conversation and outbox it is given.</remarks>
internal struct Silence
{
    private long _since;

    /// <summary>It counts from now on, however long it was.</summary>
    public void BeginAnew(SessionSettings settings) => Volatile.Write(ref _since, settings.Time.GetTimestamp());

    /// <summary>There was a sign of life. Before the negotiation there is none but that: whoever sends other bytes slowly keeps nobody waiting.</summary>
    /// <returns>The timestamp of it.</returns>
    public long Touch(SessionSettings settings, Conversation conversation)
    {
        long now = settings.Time.GetTimestamp();
        if (conversation.IsNegotiated)
        {
            Volatile.Write(ref _since, now);
        }

        return now;
    }

    /// <summary>Says whether it has lasted too long, as seen from outside.</summary>
    public bool IsOver(SessionSettings settings, Conversation conversation, Outbox outbox, long now) =>
        settings.Time.GetElapsedTime(Volatile.Read(ref _since), now) >= Patience(settings, conversation, outbox);

    /// <summary>Says whether the connection ends for it. What the clock has seen may have changed before the owner got here: the owner judges.</summary>
    /// <param name="settings">The session's settings.</param>
    /// <param name="conversation">The conversation.</param>
    /// <param name="outbox">What the peer is owed.</param>
    /// <param name="signals">What has happened: other signs than the clock's are a sign of life.</param>
    public readonly ConnectionEnd? EndsFor(SessionSettings settings, Conversation conversation, Outbox outbox, Signals signals)
    {
        if ((signals & ~(Signals.Owned | Signals.Silence | Signals.Shortage)) != 0 || (signals & (Signals.Silence | Signals.Shortage)) == 0)
        {
            return null;
        }

        TimeSpan silent = settings.Time.GetElapsedTime(_since);
        if (silent >= Patience(settings, conversation, outbox))
        {
            if (EndsInDrain(conversation, outbox))
            {
                return ConnectionEnd.Stopping;
            }

            string option = conversation.IsNegotiated ? nameof(MilterOptions.IdleTimeout) : nameof(MilterOptions.FirstPacketTimeout);
            settings.Observer.LimitReached(option, "the connection is closed");
            return ConnectionEnd.Idle;
        }

        if ((signals & Signals.Shortage) == 0 || outbox.IsEmpty || silent < Limits.ProcessLimits.Patience)
        {
            return null;
        }

        SessionFacts facts = conversation.Context.Facts;
        TransportLog.EndedForShortage(settings.Logger, facts.ConnectionId, facts.QueueId ?? "-", outbox.Unsent);
        settings.Observer.LimitReached(nameof(MilterOptions.MemoryBudget), null);
        return ConnectionEnd.Shortage;
    }

    private static TimeSpan Patience(SessionSettings settings, Conversation conversation, Outbox outbox)
    {
        TimeSpan idle = settings.Options.IdleTimeout, first = settings.Options.FirstPacketTimeout;
        TimeSpan patience = conversation.IsNegotiated || first > idle ? idle : first;
        return EndsInDrain(conversation, outbox) && settings.Options.IdleDrain < patience ? settings.Options.IdleDrain : patience;
    }

    private static bool EndsInDrain(Conversation conversation, Outbox outbox) => conversation.MayEndSilent && outbox.IsEmpty;
}
