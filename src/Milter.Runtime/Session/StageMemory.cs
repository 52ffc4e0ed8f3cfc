using System.Runtime.CompilerServices;

namespace Milter.Session;

/// <summary>Remembers which stages' handlers block their thread, so that a loop can be handed over before one is entered; and which suspend, so that what they look at is copied before.</summary>
/// <remarks>
/// Forgotten after a while, since what blocked while a database was slow need not block for ever, and since a machine that is short of processors stalls
/// handlers that do not block. What really blocks is soon caught again.
/// </remarks>
internal sealed class StageMemory(TimeProvider time)
{
    private const int Often = 3;

    // Code is compiled while it is called first, and again when it has been called for a while in another way: that is no fault of the handler's.
    private const int FirstTurns = 10;

    // Less than this is no stall: whoever is handed over before it is entered, and does not block this time.
    private static readonly TimeSpan s_least = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan s_keeps = TimeSpan.FromSeconds(10);

    private readonly object _lock = new();
    private readonly Dictionary<MilterStages, int> _caught = [];
    private readonly Dictionary<MilterStages, int> _returned = [];
    private long _since;
    private volatile int _blocking;
    private volatile int _suspending;
    private volatile int _warm;

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

    /// <summary>Handlers of this stage have given their thread back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void NoteReturned(MilterStages stage)
    {
        if ((_warm & (int)stage) == 0)
        {
            WarmUp(stage);
        }
    }

    private void WarmUp(MilterStages stage)
    {
        lock (_lock)
        {
            int times = _returned.GetValueOrDefault(stage) + 1;
            _returned[stage] = times;
            if (times >= FirstTurns)
            {
                _warm |= (int)stage;
            }
        }
    }

    /// <summary>Handlers that were caught, or handed over before they were entered, have given their thread back.</summary>
    /// <param name="stage">Their stage.</param>
    /// <param name="stall">How they kept it.</param>
    /// <param name="observer">Who is told.</param>
    public void Ended(MilterStages stage, Stall stall, SessionObserver observer)
    {
        bool isNothing = !stall.IsSeen && stall.Time < s_least;
        bool isCompiling = stall.HasComputed && (_warm & (int)stage) == 0;
        if (isNothing || isCompiling)
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

        observer.HandlerBlocked(stage, stall);
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

/// <summary>How handlers have kept their thread from other work.</summary>
/// <param name="Time">For how long, from when that was noticed.</param>
/// <param name="IsSeen">Whether they were caught; else they may as well not have blocked this time.</param>
/// <param name="HasComputed">Whether they have worked meanwhile rather than waited.</param>
internal readonly record struct Stall(TimeSpan Time, bool IsSeen, bool HasComputed);
