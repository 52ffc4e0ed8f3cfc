using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Milter.Session;
using Milter.Telemetry;

namespace Milter.Transport.Epoll;

/// <summary>One MTA's connection on a loop: reads, lets the session work, and writes all that is owed in one write.</summary>
/// <remarks>
/// A connection is a token: idle, owned, or owned with more to read. Whoever owns it reads until the kernel has no more, runs all complete frames,
/// writes once and releases. Handlers that complete synchronously run on; with one that suspends, the buffer goes to the connection,
/// and the token to whoever resumes.
/// <para>The object itself is the write gate: whoever writes, or changes who owns, holds its lock. No handler runs under it.</para>
/// </remarks>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "Ends by itself, and disposes of what it has then.")]
internal sealed partial class EpollConnection : IServedConnection, ISessionHost
{
    private const int Idle = 0, Owned = 1, OwnedMore = 2;

    private readonly Socket _socket;
    private readonly EpollLoop _loop;
    private readonly MilterSession _session;
    private readonly EngineSettings _settings;
    private readonly MilterWatchdog _watchdog;
    private readonly Action<IServedConnection> _onEnded;
    private readonly bool _delaysAcknowledgements;
    private TaskCompletionSource? _ended;
    private int _token;

    // What was read of a frame that is not complete.
    private byte[] _partial = [];
    private int _partialLength;

    private volatile bool _hangsUp;
    private ConnectionEnd _end = ConnectionEnd.Session;

    public EpollConnection(Socket socket, EpollLoop loop, EngineSettings settings, SessionSettings session, MilterWatchdog watchdog, Action<IServedConnection> onEnded, string id, string peer)
    {
        socket.Blocking = false;
        _socket = socket;
        _loop = loop;
        _settings = settings;
        _watchdog = watchdog;
        _onEnded = onEnded;
        _delaysAcknowledgements = TcpSocket.DelaysAcknowledgements(socket);
        Descriptor = (int)socket.Handle;
        Id = id;
        Peer = peer;
        _session = new MilterSession(session, this, id, peer);
        _since = settings.Time.GetTimestamp();
    }

    public int Descriptor { get; }

    public string Id { get; }

    public string Peer { get; }

    public Task Ended
    {
        get
        {
            TaskCompletionSource ended = LazyInitializer.EnsureInitialized(ref _ended, static () => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            if (_hasEnded)
            {
                // It may have ended before there was anybody to tell.
                ended.TrySetResult();
            }

            return ended.Task;
        }
    }

    public void Start() => _loop.Add(this);

    /// <summary>The kernel has something to tell. Called by the loop's leader.</summary>
    public void OnEvent(uint events, LoopThread thread)
    {
        if ((events & (EpollNative.PeerHangUp | EpollNative.HangUp | EpollNative.Error)) != 0)
        {
            _hangsUp = true;
            if (IsBusy)
            {
                _session.PeerGone();
            }
        }

        if (TryOwn())
        {
            _thread = thread;
            Own(thread);
        }
    }

    private bool TryOwn()
    {
        while (true)
        {
            int token = Interlocked.CompareExchange(ref _token, Owned, Idle);
            if (token == Idle)
            {
                return true;
            }

            if (token == OwnedMore || Interlocked.CompareExchange(ref _token, OwnedMore, Owned) == Owned)
            {
                return false;
            }
        }
    }

    // Returns when the connection is released, ended, or somebody else's.
    private void Own(LoopThread thread)
    {
        try
        {
            while (ReadAll(thread))
            {
                Rest();
                if (_endsWhenAnswered)
                {
                    End(ConnectionEnd.Stopping);
                    return;
                }

                if (Interlocked.CompareExchange(ref _token, Idle, Owned) == Owned)
                {
                    return;
                }

                Volatile.Write(ref _token, Owned);
            }
        }
#pragma warning disable CA1031 // One connection's fault, ours or the filter's, must not end the loop of all others.
        catch (Exception e)
#pragma warning restore CA1031
        {
            MilterLog.ConnectionFailed(_settings.Logger, e, Id, Peer);
            End(ConnectionEnd.Failed);
        }
        finally
        {
            thread.RestoreContext();
        }
    }

    /// <summary>Reads and handles until the kernel has no more.</summary>
    /// <returns>Whether the caller still owns the connection.</returns>
    private bool ReadAll(LoopThread thread)
    {
        while (true)
        {
            if (!Flush())
            {
                // The loop tells when the MTA takes bytes again; until then nothing is read of one that does not listen.
                return true;
            }

            byte[] buffer = thread.Buffer.Array;
            int kept = TakePartial(buffer);
            nint read = EpollNative.Receive(Descriptor, buffer.AsSpan(kept));
            if (read <= 0)
            {
                int error = read == 0 ? 0 : Marshal.GetLastSystemError();
                if (error == EpollNative.Interrupted)
                {
                    KeepPartial(buffer.AsSpan(0, kept));
                    continue;
                }

                if (error == EpollNative.Again)
                {
                    KeepPartial(buffer.AsSpan(0, kept));
                    return true;
                }

                End(error != 0 ? ConnectionEnd.PeerReset : kept == 0 ? ConnectionEnd.PeerClosed : ConnectionEnd.PeerClosedInFrame);
                return false;
            }

            bool wasFull = read == buffer.Length - kept;
            if (!Work(thread, 0, kept + (int)read))
            {
                return false;
            }

            if (!wasFull && !_hangsUp)
            {
                // A short read has emptied the socket: what comes now is another event.
                Flush();
                return true;
            }
        }
    }

    /// <summary>Lets the session work on what the thread's buffer has.</summary>
    /// <returns>Whether the caller still owns the connection.</returns>
    private bool Work(LoopThread thread, int start, int end)
    {
        SessionStatus status = Run(thread.Buffer.Array.AsMemory(start, end - start), out int used);
        switch (status)
        {
            case SessionStatus.NeedMore:
                int rest = end - start - used;
                if (rest == thread.Buffer.Array.Length)
                {
                    thread.GrowBuffer();
                }

                KeepPartial(thread.Buffer.Array.AsSpan(start + used, rest));
                Acknowledge();
                return true;
            case SessionStatus.Suspended:
                Suspend(new Held(thread.LendBuffer(), start + used, end));
                return false;
            case SessionStatus.Closed:
                Flush();
                End(ConnectionEnd.Session);
                return false;
            default:
                return false;
        }
    }

    private int TakePartial(Span<byte> buffer)
    {
        int length = _partialLength;
        if (length > 0)
        {
            _partial.AsSpan(0, length).CopyTo(buffer);
            ReleasePartial();
        }

        return length;
    }

    private void ReleasePartial()
    {
        if (_partialLength > 0)
        {
            ArrayPool<byte>.Shared.Return(_partial);
            (_partial, _partialLength) = ([], 0);
        }
    }

    private void KeepPartial(ReadOnlySpan<byte> rest)
    {
        if (!rest.IsEmpty)
        {
            _partial = ArrayPool<byte>.Shared.Rent(rest.Length);
            rest.CopyTo(_partial);
            _partialLength = rest.Length;
        }
    }

    // At rest a connection holds no more than what it was told to remember.
    private void Rest()
    {
        _session.Output.Trim(0);
        Volatile.Write(ref _since, _settings.Time.GetTimestamp());
    }
}
