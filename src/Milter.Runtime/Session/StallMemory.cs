namespace Milter.Session;

/// <summary>Remembers which stages' handlers block their thread, so that a loop can be handed over before one is entered.</summary>
/// <remarks>Forgotten from time to time, since what blocked while a database was slow need not block for ever.</remarks>
internal sealed class StallMemory(TimeProvider time)
{
    private const int Often = 3;

    private static readonly TimeSpan s_keeps = TimeSpan.FromSeconds(10);

    private readonly object _lock = new();
    private readonly Dictionary<MilterStages, int> _caught = [];
    private long _since;
    private volatile int _blocking;

    public bool Blocks(MilterStages stage) => (_blocking & (int)stage) != 0;

    /// <summary>A handler of this stage was caught.</summary>
    /// <returns>How often by now.</returns>
    public int Note(MilterStages stage)
    {
        lock (_lock)
        {
            long now = time.GetTimestamp();
            if (_blocking != 0 && time.GetElapsedTime(_since, now) > s_keeps)
            {
                _blocking = 0;
                _caught.Clear();
            }

            int times = _caught.GetValueOrDefault(stage) + 1;
            _caught[stage] = times;
            if (times >= Often && !Blocks(stage))
            {
                _blocking |= (int)stage;
                _since = now;
            }

            return times;
        }
    }
}
