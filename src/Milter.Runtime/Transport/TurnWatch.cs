using Milter.Protocol;
using Milter.Session;

namespace Milter.Transport;

/// <summary>What the clock does about a connection whose handlers are at work: notices of progress, their token, the end of their time.</summary>
/// <remarks>A part of the connection.</remarks>
internal struct TurnWatch
{
    private static readonly byte[] s_progress = [0, 0, 0, 1, (byte)MilterReply.Progress];

    private long _lookedAt;

    /// <summary>Looks at a turn.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="settings">The settings of its session.</param>
    /// <param name="turn">The turn.</param>
    /// <param name="ticket">Which of them, and in which state it was found.</param>
    /// <param name="now">The timestamp.</param>
    public void Look(Connection connection, SessionSettings settings, Turn turn, long ticket, long now)
    {
        // A handler that is seen twice in the same turn has blocked its thread meanwhile.
        if (ticket == _lookedAt && Turn.HoldsThreadIn(ticket))
        {
            connection.Conversation.NoteStall();
        }

        _lookedAt = ticket;
        MilterOptions options = settings.Options;
        bool atEom = turn.Stage == MilterStages.Eom;
        TimeSpan spent = settings.Time.GetElapsedTime(turn.Since, now);
        TimeSpan budget = atEom ? options.EndOfMessageBudget : options.CommandBudget;
        bool tells = atEom && settings.Time.GetElapsedTime(turn.LastNotice, now) >= options.ProgressInterval;
        if (turn.Ticket != ticket)
        {
            // Another turn began while this one was looked at: its time is not spent.
            return;
        }

        if (tells && turn.TryHold(ticket))
        {
            turn.LastNotice = now;
            connection.SendNow(s_progress);
            turn.Release();
        }

        if (spent >= budget)
        {
            turn.Cancel(ticket);
        }

        if (spent >= budget + options.ExpiryGrace && turn.TryExpire(ticket))
        {
            connection.GoOnWithout(isBlocked: Turn.HoldsThreadIn(ticket));
        }
    }
}
