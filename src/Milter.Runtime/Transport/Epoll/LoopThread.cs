namespace Milter.Transport.Epoll;

/// <summary>What a thread that owns connections has of its own: the buffer it reads into, and the context that handlers must leave as it was.</summary>
internal sealed class LoopThread(EpollLoop loop) : IDisposable
{
    private readonly ExecutionContext? _context = ExecutionContext.Capture();

    /// <summary>Gets or sets the lead that this thread has, or had.</summary>
    public int Generation { get; set; } = -1;

    public ReadBuffer Buffer { get; private set; } = ReadBuffer.Rent();

    /// <summary>Gives the buffer to a connection whose handlers go on to look at it, and takes another.</summary>
    public ReadBuffer LendBuffer()
    {
        ReadBuffer lent = Buffer;
        Buffer = ReadBuffer.Rent();
        return lent;
    }

    /// <summary>Takes a larger buffer, for a frame that the usual one can't hold.</summary>
    public void GrowBuffer()
    {
        ReadBuffer small = Buffer;
        Buffer = small.Grow();
        ReadBuffer.Return(small);
    }

    /// <summary>Gives the lead to another thread, if this one has it.</summary>
    public void HandOver() => loop.HandOver(Generation);

    /// <summary>Takes back what a handler has left in the thread's context: an AsyncLocal must not reach another session.</summary>
    public void RestoreContext()
    {
        if (_context is not null && !ReferenceEquals(_context, ExecutionContext.Capture()))
        {
            ExecutionContext.Restore(_context);
        }
    }

    public void Dispose() => ReadBuffer.Return(Buffer);
}
