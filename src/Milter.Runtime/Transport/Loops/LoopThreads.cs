using System.Diagnostics.CodeAnalysis;

namespace Milter.Transport.Loops;

/// <summary>The threads of one loop: the leader, those that handlers keep, and one in reserve at least, so that the lead can always be given away.</summary>
internal sealed class LoopThreads(Loop loop, LoopHost host)
{
    // More rest for a moment where handlers block often, and end when it is over.
    private const int MostAtRest = 64;

    private readonly object _lock = new();
    private readonly List<LoopThread> _resting = [];
    private volatile bool _stops;
    private int _count;

    public bool IsStopping => _stops;

    private Loop OfLoop => loop;

    /// <summary>Starts the leader and a reserve.</summary>
    /// <exception cref="OutOfMemoryException">The system gives no threads.</exception>
    /// <exception cref="ThreadStartException">The same.</exception>
    public void Start()
    {
        LoopThread leader = New();
        leader.Promote(0);
    }

    /// <summary>Takes a thread that rests, for it to lead.</summary>
    public bool TryTakeReserve([NotNullWhen(true)] out LoopThread? reserve)
    {
        lock (_lock)
        {
            reserve = !_stops && _resting.Count > 0 ? _resting[^1] : null;
            if (reserve is not null)
            {
                _resting.RemoveAt(_resting.Count - 1);
            }

            return reserve is not null;
        }
    }

    /// <summary>Sees to it that a thread rests. Where the system gives none it is tried again when the clock looks.</summary>
    /// <returns>Whether one does.</returns>
    public bool KeepReserve()
    {
        lock (_lock)
        {
            if (_stops || _resting.Count > 0)
            {
                return true;
            }

            try
            {
                _resting.Add(New());
                host.Late.ShortOfThreads(false);
                return true;
            }
            catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
            {
                // No thread, or no file descriptor for one.
                host.Late.ShortOfThreads(true);
                return false;
            }
        }
    }

    /// <summary>Asks the platform's pool for a thread where the system gives none: better one of those leads than nobody.</summary>
    public void AskPool() => ThreadPool.UnsafeQueueUserWorkItem(
        static threads =>
        {
            LoopThread thread;
            lock (threads._lock)
            {
                thread = new LoopThread(threads.OfLoop, threads);
                threads._resting.Add(thread);
                threads._count++;
            }

            thread.Run();
        },
        this,
        preferLocal: false);

    /// <summary>A thread has lost the lead and would rest.</summary>
    public bool TryRest(LoopThread thread)
    {
        lock (_lock)
        {
            if (_stops || _resting.Count >= MostAtRest)
            {
                return false;
            }

            _resting.Add(thread);
            return true;
        }
    }

    /// <summary>A thread has rested for long.</summary>
    /// <returns>Whether it may end: another rests, and it was not promoted meanwhile.</returns>
    public bool TryEnd(LoopThread thread)
    {
        lock (_lock)
        {
            return _resting.Count > 1 && _resting.Remove(thread);
        }
    }

    /// <summary>Ends all threads, each when it has done what it is at.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            // The leader sleeps in the kernel.
            _stops = true;
            loop.Kernel.Wake();
            _resting.ForEach(static thread => thread.Dismiss());
            _resting.Clear();
        }
    }

    public void Die(string what, Exception? exception) => host.Die(what, exception);

    /// <summary>A thread ends. The last one out closes the door.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (--_count > 0 || !_stops)
            {
                return;
            }
        }

        loop.Kernel.Dispose();
    }

    private LoopThread New()
    {
        var thread = new LoopThread(loop, this);
        lock (_lock)
        {
            thread.Start();
            _count++;
        }

        return thread;
    }
}
