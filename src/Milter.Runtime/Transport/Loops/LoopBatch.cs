namespace Milter.Transport.Loops;

/// <summary>Events that one wait has fetched, handed out one by one; whoever takes the lead over takes those that are left.</summary>
internal sealed class LoopBatch
{
    private readonly LoopEvent[] _events = new LoopEvent[256];
    private volatile bool _isWorking;
    private volatile Connection? _current;
    private int _count;
    private int _next;

    /// <summary>Gets or sets a value indicating whether its leader handles events rather than waits for them.</summary>
    public bool IsWorking
    {
        get => _isWorking;
        set => _isWorking = value;
    }

    /// <summary>Gets or sets the connection whose event is or was handled last.</summary>
    public Connection? Current
    {
        get => _current;
        set => _current = value;
    }

    /// <summary>Waits for events; none is left of those before.</summary>
    public void Wait(ILoopKernel kernel)
    {
        int count = kernel.Wait(_events);
        Volatile.Write(ref _count, Math.Max(count, 0));
        Volatile.Write(ref _next, 0);
    }

    /// <summary>Takes the next event. Each event is taken once, whoever asks.</summary>
    public bool TryTake(out LoopEvent next)
    {
        int index = Volatile.Read(ref _next) < Volatile.Read(ref _count) ? Interlocked.Increment(ref _next) - 1 : int.MaxValue;
        bool isThere = index < Volatile.Read(ref _count);
        next = isThere ? _events[index] : default;
        return isThere;
    }

    /// <summary>Moves everything that is left into another batch, of which nothing is left.</summary>
    public void MoveRestTo(LoopBatch rest)
    {
        rest.IsWorking = true;
        int count = 0;
        while (TryTake(out LoopEvent next))
        {
            rest._events[count++] = next;
        }

        Volatile.Write(ref rest._count, count);
        Volatile.Write(ref rest._next, 0);
    }
}
