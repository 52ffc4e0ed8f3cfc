namespace Milter.Session;

/// <summary>Remembers which stages' handlers block their thread, so that a loop can be handed over before one is entered.</summary>
/// <remarks>
/// Forgotten after a while, since what blocked while a database was slow need not block for ever, and since a machine that is short of processors stalls
/// handlers that do not block. What really blocks is soon caught again.
/// </remarks>
internal sealed class StallMemory(TimeProvider time)
{
    private const int Often = 3;

    private static readonly TimeSpan s_keeps = TimeSpan.FromSeconds(10);

    private readonly object _lock = new();
    private readonly Dictionary<MilterStages, int> _caught = [];
    private long _since;
    private volatile int _blocking;

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
