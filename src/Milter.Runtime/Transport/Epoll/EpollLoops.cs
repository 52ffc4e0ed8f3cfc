namespace Milter.Transport.Epoll;

/// <summary>The loops of one engine, and the watch over them.</summary>
internal sealed class EpollLoops : IDisposable
{
    private const int Most = 8;

    private readonly StallWatch _watch = new();
    private readonly EpollLoop[] _loops;
    private int _next;

    /// <summary>Starts the loops.</summary>
    /// <param name="count">How many; 0 for one a processor, eight at most.</param>
    public EpollLoops(int count)
    {
        _loops = new EpollLoop[count > 0 ? count : Math.Clamp(Environment.ProcessorCount, 1, Most)];
        for (int i = 0; i < _loops.Length; i++)
        {
            _loops[i] = new EpollLoop(_watch);
            _watch.Add(_loops[i]);
        }
    }

    /// <summary>Gets the loop for the next connection: each in its turn.</summary>
    public EpollLoop Next() => _loops[(uint)Interlocked.Increment(ref _next) % (uint)_loops.Length];

    public void Dispose()
    {
        _watch.Dispose();
        foreach (EpollLoop loop in _loops)
        {
            loop.Dispose();
        }
    }
}
