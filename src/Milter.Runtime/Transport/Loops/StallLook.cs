using System.Diagnostics;

namespace Milter.Transport.Loops;

/// <summary>Sees that a loop is stuck in a handler, and has another thread take its lead.</summary>
/// <remarks>A leader that waits for a processor is not stuck: another thread would wait as well, and a handler would be taken for one that blocks.</remarks>
internal sealed class StallLook(Loop loop, LoopHost host)
{
    // Two looks without progress, the second a millisecond after the first: stuck for one to two milliseconds at least, up to nine where none was for a while.
    private const int Stuck = 2;

    // What a leader that computes all the time uses between two looks, less what the clocks may differ.
    private const long StuckNanoseconds = 800_000;

    // A loop whose leader is stuck answers nobody until another thread leads.
    private static readonly TimeSpan s_askPool = TimeSpan.FromSeconds(3), s_die = TimeSpan.FromSeconds(30);

    // As long as stages that block are remembered.
    private static readonly TimeSpan s_wary = TimeSpan.FromSeconds(10);

    private long _seen = -1;
    private long _caught;
    private int _same;
    private long _used;
    private long _stuckSince;
    private bool _hasAsked;

    /// <summary>Gets a value indicating whether the loop answers nobody, and has not for a while.</summary>
    public bool IsStuck => _stuckSince != 0 && Stopwatch.GetElapsedTime(_stuckSince) > s_askPool;

    /// <summary>Gets a value indicating whether the loop may be stuck, or was not long ago.</summary>
    public bool IsWary => _same > 0 || (_caught != 0 && Stopwatch.GetElapsedTime(_caught) < s_wary);

    /// <summary>Looks at the loop.</summary>
    /// <returns>Whether it works.</returns>
    public bool Look()
    {
        if (loop.TryFindDeparted(out Connection? departed, out long used))
        {
            departed.Conversation.NoteEntered(used);
        }

        if (!loop.IsWorking)
        {
            _same = 0;
            _stuckSince = 0;
            return false;
        }

        long progress = loop.Progress;
        if (progress != _seen || loop.Leader is not { Meter: { } leader })
        {
            (_seen, _same, _stuckSince) = (progress, 0, 0);
        }
        else if (++_same < Stuck)
        {
            _used = leader.Used;
        }
        else if (leader.Used - _used >= StuckNanoseconds || !leader.IsRunnable)
        {
            _same = 0;
            _caught = Stopwatch.GetTimestamp();
            loop.Current?.Conversation.NoteStall(leader.Used);
            loop.HandOverStuck(progress);
            EndIfHopeless();
        }

        return true;
    }

    // Comes here again and again only where no thread could take the lead.
    private void EndIfHopeless()
    {
        if (_stuckSince == 0)
        {
            (_stuckSince, _hasAsked) = (Stopwatch.GetTimestamp(), false);
            return;
        }

        TimeSpan stuck = Stopwatch.GetElapsedTime(_stuckSince);
        if (stuck > s_die)
        {
            host.Die("a handler keeps the thread that serves a share of all connections, and the system gives no other (TasksMax=, ulimit -u, LimitNOFILE=)", null);
        }
        else if (stuck > s_askPool && !_hasAsked)
        {
            _hasAsked = true;
            loop.Threads.AskPool();
        }
    }
}
