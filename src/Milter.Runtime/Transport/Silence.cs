using Milter.Message;
using Milter.Output;
using Milter.Session;
using Milter.Telemetry;

namespace Milter.Transport;

/// <summary>Since when a peer has neither said nor taken anything, and when that is too long.</summary>
internal sealed class Silence(SessionSettings settings, Conversation conversation, Outbox outbox)
{
    private long _since = settings.Time.GetTimestamp();

    private TimeSpan Patience
    {
        get
        {
            TimeSpan idle = settings.Options.IdleTimeout, first = settings.Options.FirstPacketTimeout;
            TimeSpan patience = conversation.IsNegotiated || first > idle ? idle : first;
            return EndsInDrain && settings.Options.IdleDrain < patience ? settings.Options.IdleDrain : patience;
        }
    }

    private bool EndsInDrain => conversation.MayEndSilent && outbox.IsEmpty;

    /// <summary>It counts from now on, however long it was.</summary>
    public void BeginAnew() => Volatile.Write(ref _since, settings.Time.GetTimestamp());

    /// <summary>There was a sign of life. Before the negotiation there is none but that: whoever sends other bytes slowly keeps nobody waiting.</summary>
    /// <returns>The timestamp of it.</returns>
    public long Touch()
    {
        long now = settings.Time.GetTimestamp();
        if (conversation.IsNegotiated)
        {
            Volatile.Write(ref _since, now);
        }

        return now;
    }

    /// <summary>Says whether it has lasted too long, as seen from outside.</summary>
    public bool IsOver(long now) => settings.Time.GetElapsedTime(Volatile.Read(ref _since), now) >= Patience;

    /// <summary>Says whether the connection ends for it. What the clock has seen may have changed before the owner got here: the owner judges.</summary>
    /// <param name="signals">What has happened: other signs than the clock's are a sign of life.</param>
    public ConnectionEnd? EndsFor(Signals signals)
    {
        if ((signals & ~(Signals.Owned | Signals.Silence | Signals.Shortage)) != 0 || (signals & (Signals.Silence | Signals.Shortage)) == 0)
        {
            return null;
        }

        TimeSpan silent = settings.Time.GetElapsedTime(_since);
        if (silent >= Patience)
        {
            if (EndsInDrain)
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
}
