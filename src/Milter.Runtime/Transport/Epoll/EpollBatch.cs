namespace Milter.Transport.Epoll;

/// <summary>Events that one wait has fetched, handed out one by one; whoever takes the lead over takes those that are left.</summary>
internal sealed class EpollBatch
{
    public const int Capacity = 256;

    // Pinned, so that the kernel writes into it without a pin for each wait.
    private readonly byte[] _events = GC.AllocateUninitializedArray<byte>(Capacity * 16, pinned: true);
    private volatile bool _isWorking;
    private volatile EpollConnection? _current;
    private int _count;
    private int _next;

    /// <summary>Gets or sets a value indicating whether its leader handles events rather than waits for them.</summary>
    public bool IsWorking
    {
        get => _isWorking;
        set => _isWorking = value;
    }

    /// <summary>Gets or sets the connection whose event is or was handled last.</summary>
    public EpollConnection? Current
    {
        get => _current;
        set => _current = value;
    }

    /// <summary>Waits for events; none is left of those before.</summary>
    public unsafe void Wait(int epoll)
    {
        int count;
        fixed (byte* events = _events)
        {
            count = EpollNative.Wait(epoll, events, Capacity, -1);
        }

        Volatile.Write(ref _count, Math.Max(count, 0));
        Volatile.Write(ref _next, 0);
    }

    /// <summary>Takes the next event. Each event is taken once, whoever asks.</summary>
    public unsafe bool TryTake(out uint events, out int data)
    {
        (events, data) = (0, 0);
        if (Volatile.Read(ref _next) >= Volatile.Read(ref _count))
        {
            return false;
        }

        int index = Interlocked.Increment(ref _next) - 1;
        if (index >= Volatile.Read(ref _count))
        {
            return false;
        }

        fixed (byte* start = _events)
        {
            (events, data) = EpollNative.Read(start, index);
        }

        return true;
    }

    /// <summary>Moves everything that is left into another batch, of which nothing is left.</summary>
    public unsafe void MoveRestTo(EpollBatch rest)
    {
        rest.IsWorking = true;
        int count = 0;
        fixed (byte* to = rest._events)
        {
            while (TryTake(out uint events, out int data))
            {
                byte* entry = to + (count++ * EpollNative.EventSize);
                *(uint*)entry = events;
                System.Runtime.CompilerServices.Unsafe.WriteUnaligned(entry + EpollNative.EventSize - sizeof(ulong), (ulong)(uint)data);
            }
        }

        Volatile.Write(ref rest._count, count);
        Volatile.Write(ref rest._next, 0);
    }
}
