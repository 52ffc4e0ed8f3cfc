namespace Milter.Transport.Epoll;

/// <summary>Sees that a loop is stuck in a handler, and has another thread take its lead.</summary>
/// <remarks>
/// It looks every millisecond while some loop works, and sleeps when all are idle; to wake it costs a look at a field.
/// <para>A leader that waits for a processor is not stuck: another thread would wait as well, and a handler would be taken for one that blocks.</para>
/// </remarks>
internal sealed class StallWatch : IDisposable
{
    // Two looks without progress: stuck for one to two milliseconds at least.
    private const int Stuck = 2;

    // What a leader that computes all the time uses between two looks, less what the clocks may differ.
    private const long StuckNanoseconds = 800_000;
    private const int LooksBeforeSleep = 50;

    private readonly List<Watched> _loops = [];
    private readonly ManualResetEventSlim _wake = new(false);
    private volatile bool _sleeps;
    private volatile bool _stops;

    public StallWatch() => new Thread(Run, 128 * 1024) { IsBackground = true, Name = "milter stall watch" }.UnsafeStart();

    /// <summary>Watches a loop from now on.</summary>
    public void Add(EpollLoop loop)
    {
        lock (_loops)
        {
            _loops.Add(new Watched(loop));
        }
    }

    /// <summary>Called by a leader that begins to work.</summary>
    public void Wake()
    {
        if (_sleeps)
        {
            _sleeps = false;
            _wake.Set();
        }
    }

    public void Dispose()
    {
        _stops = true;
        _wake.Set();
    }

    private void Run()
    {
        int idle = 0;
        while (!_stops)
        {
            Thread.Sleep(1);
            if (Look())
            {
                idle = 0;
            }
            else if (++idle > LooksBeforeSleep)
            {
                Sleep();
                idle = 0;
            }
        }
    }

    private void Sleep()
    {
        _wake.Reset();
        _sleeps = true;
        Thread.MemoryBarrier();

        // A leader that began to work before it could see the field is seen here.
        if (!_stops && !IsAnyWorking())
        {
            _wake.Wait();
        }

        _sleeps = false;
    }

    private bool Look()
    {
        bool works = false;
        lock (_loops)
        {
            foreach (Watched watched in _loops)
            {
                works |= watched.Look();
            }
        }

        return works;
    }

    private bool IsAnyWorking()
    {
        lock (_loops)
        {
            return _loops.Exists(static watched => watched.Loop.IsWorking);
        }
    }

    private sealed class Watched(EpollLoop loop)
    {
        private long _seen = -1;
        private int _same;
        private long _used;

        public EpollLoop Loop => loop;

        /// <returns>Whether the loop works.</returns>
        public bool Look()
        {
            if (!loop.IsWorking)
            {
                _same = 0;
                return false;
            }

            long progress = loop.Progress;
            if (progress != _seen || loop.Leader is not { } leader)
            {
                (_seen, _same) = (progress, 0);
            }
            else if (++_same < Stuck)
            {
                _used = leader.Used;
            }
            else if (leader.Used - _used >= StuckNanoseconds || !leader.IsRunnable)
            {
                _same = 0;
                loop.Current?.NoteStall();
                loop.HandOverStuck(progress);
            }

            return true;
        }
    }
}
