namespace Milter.Transport.Loops;

/// <summary>Takes the connections of a listening socket, on the loop that is told of them.</summary>
/// <param name="loop">The loop.</param>
/// <param name="listener">The socket, which does not block.</param>
/// <param name="server">Who serves them, and says whether there is room for more.</param>
internal sealed class LoopAcceptor(Loop loop, int listener, IAcceptor server)
{
    // Others wait, too.
    private const int MostAtOnce = 64;

    private const int Aborted = 103, NoMemory = 12, TooManyInSystem = 23, TooMany = 24, NoBuffers = 105;

    private readonly object _lock = new();
    private bool _isPaused;
    private bool _isStopped;

    private static ulong Data(int descriptor) => LoopEvent.DataOf(descriptor, 0);

    /// <summary>Begins to take connections.</summary>
    /// <exception cref="IOException">The kernel refuses.</exception>
    public void Start()
    {
        // Level-triggered: as long as somebody waits it is told.
        int result = loop.Kernel.Add(listener, LoopEvent.Read, Data(listener));
        if (result < 0)
        {
            throw new IOException($"epoll_ctl failed with error {-result}");
        }
    }

    /// <summary>Takes connections that wait.</summary>
    public void Accept()
    {
        lock (_lock)
        {
            for (int i = 0; i < MostAtOnce && !_isStopped; i++)
            {
                if (!server.HasRoom)
                {
                    Pause();
                    return;
                }

                if (!TryAccept())
                {
                    return;
                }
            }
        }
    }

    /// <summary>Goes on after a pause: there is room again, or perhaps.</summary>
    public void Resume()
    {
        lock (_lock)
        {
            if (_isPaused && !_isStopped && server.HasRoom)
            {
                _isPaused = false;
                loop.Kernel.Change(listener, LoopEvent.Read, Data(listener));
            }
        }
    }

    /// <summary>Takes what waits, and then no more.</summary>
    /// <param name="takesWaiting">Whether those that wait are ours: an inherited socket's are the next process's.</param>
    public void Stop(bool takesWaiting)
    {
        lock (_lock)
        {
            while (takesWaiting && !_isStopped && TryAccept())
            {
            }

            _isStopped = true;
            loop.Kernel.Change(listener, 0, Data(listener));
        }
    }

    // Returns whether to try again.
    private bool TryAccept()
    {
        int descriptor = loop.Kernel.Accept(listener, out PeerAddress? peer);
        switch (descriptor)
        {
            case >= 0:
                server.Serve(descriptor, peer);
                return true;
            case -LinuxKernel.Again:
                return false;
            case -Aborted or -LinuxKernel.Interrupted:
                // That peer has left again.
                return true;
            case -TooMany or -TooManyInSystem or -NoMemory or -NoBuffers:
                server.AcceptFailed(descriptor is -TooMany or -TooManyInSystem ? "out of file descriptors" : "out of memory");
                Pause();
                return false;
            default:
                server.AcceptFailed($"error {-descriptor}");
                Pause();
                return false;
        }
    }

    private void Pause()
    {
        _isPaused = true;
        loop.Kernel.Change(listener, 0, Data(listener));
    }
}

/// <summary>Who serves connections that a loop takes.</summary>
internal interface IAcceptor
{
    /// <summary>Gets a value indicating whether another connection may be opened.</summary>
    bool HasRoom { get; }

    /// <summary>Serves a connection, and owns its descriptor from now on.</summary>
    /// <param name="descriptor">The connection.</param>
    /// <param name="peer">Who it is; nothing for a peer on a unix socket.</param>
    void Serve(int descriptor, PeerAddress? peer);

    /// <summary>None can be taken at present.</summary>
    /// <param name="reason">Why, in words.</param>
    /// <param name="exception">The same, where there is one.</param>
    void AcceptFailed(string reason, Exception? exception = null);
}
