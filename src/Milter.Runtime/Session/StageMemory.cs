namespace Milter.Session;

/// <summary>Remembers which stages' handlers block their thread, so that a loop can be handed over before one is entered; and which suspend, so that what they look at is copied before.</summary>
/// <remarks>
/// Forgotten after a while, since what blocked while a database was slow need not block for ever, and since a machine that is short of processors stalls
/// handlers that do not block. What really blocks is soon caught again.
/// </remarks>
internal sealed class StageMemory(TimeProvider time)
{
    private const int Often = 3;

    // Less than this is no stall: whoever is handed over before it is entered, and does not block this time.
    private static readonly TimeSpan s_least = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan s_keeps = TimeSpan.FromSeconds(10);

    private readonly object _lock = new();
    private readonly Dictionary<MilterStages, int> _caught = [];
    private long _since;
    private volatile int _blocking;
    private volatile int _suspending;

    /// <summary>Says whether handlers of this stage have ever gone on after giving their thread back. Never forgotten: they are written so.</summary>
    public bool Suspends(MilterStages stage) => (_suspending & (int)stage) != 0;

    /// <summary>Handlers of this stage have given their thread back before they were done.</summary>
    public void NoteSuspended(MilterStages stage)
    {
        if (!Suspends(stage))
        {
            Interlocked.Or(ref _suspending, (int)stage);
        }
    }

    public bool Blocks(MilterStages stage) => (_blocking & (int)stage) != 0 && !Forgets();

    /// <summary>A handler of this stage was caught.</summary>
    /// <returns>How often by now.</returns>
    public int Note(MilterStages stage)
    {
        lock (_lock)
        {
            if (_caught.Count == 0 || Forgets())
            {
                _since = time.GetTimestamp();
            }

            int times = _caught.GetValueOrDefault(stage) + 1;
            _caught[stage] = times;
            if (times >= Often)
            {
                _blocking |= (int)stage;
            }

            return times;
        }
    }

    /// <summary>Handlers that were caught, or handed over before they were entered, have given their thread back.</summary>
    /// <param name="stage">Their stage.</param>
    /// <param name="blocked">How long they kept it, from when they were caught.</param>
    /// <param name="isSeen">Whether they were caught; else they may as well not have blocked this time.</param>
    /// <param name="observer">Who is told.</param>
    public void Ended(MilterStages stage, TimeSpan blocked, bool isSeen, SessionObserver observer)
    {
        if (!isSeen && blocked < s_least)
        {
            return;
        }

        if (Blocks(stage))
        {
            lock (_lock)
            {
                _since = time.GetTimestamp();
            }
        }

        observer.HandlerBlocked(stage, blocked);
    }

    private bool Forgets()
    {
        lock (_lock)
        {
            if (time.GetElapsedTime(_since) <= s_keeps)
            {
                return false;
            }

            _blocking = 0;
            _caught.Clear();
            return true;
        }
    }
}
