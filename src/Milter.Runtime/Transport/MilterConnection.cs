using System.Net.Sockets;
using Milter.Session;
using Milter.Telemetry;

namespace Milter.Transport;

/// <summary>One MTA's connection: reads, lets the session work, and writes all that is owed in one write.</summary>
/// <remarks>
/// The connection has one owner at a time, an asynchronous loop. A watchdog looks at handlers that run or are suspended; one whose time is spent is
/// deposed, and if it blocks its thread, a new owner goes on with a buffer of its own while the old one, whenever it returns, ends.
/// <para>The object itself is the write gate: whoever writes, or changes who owns, holds its lock. No handler runs under it.</para>
/// </remarks>
internal sealed partial class MilterConnection : IServedConnection, ISessionHost, IThreadPoolWorkItem
{
    private readonly Socket _socket;
    private readonly MilterSession _session;
    private readonly EngineSettings _settings;
    private readonly MilterWatchdog _watchdog;
    private readonly Action<IServedConnection> _onEnded;
    private readonly OutputWriter _writer;
    private readonly bool _delaysAcknowledgements;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private InputBuffer _input;
    private ConnectionEnd _end;
    private bool _isGone;

    public MilterConnection(Socket socket, EngineSettings settings, SessionSettings session, MilterWatchdog watchdog, Action<IServedConnection> onEnded, string id, string peer)
    {
        _socket = socket;
        _settings = settings;
        _watchdog = watchdog;
        _onEnded = onEnded;
        _writer = new OutputWriter(socket);
        _input = new InputBuffer(socket);
        _delaysAcknowledgements = TcpSocket.DelaysAcknowledgements(socket);
        Id = id;
        Peer = peer;
        _session = new MilterSession(session, this, id, peer);
        _since = settings.Time.GetTimestamp();
    }

    public string Id { get; }

    public string Peer { get; }

    /// <summary>Gets what completes when the connection is closed and the session's last handlers have run. Never faults.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Starts to serve the connection.</summary>
    public void Start() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    void IThreadPoolWorkItem.Execute() => _ = OwnAsync(_owner, takesOver: false);

    private async Task OwnAsync(int owner, bool takesOver)
    {
        bool isOwner = true;
        try
        {
            bool goesOn = true;
            if (takesOver)
            {
                await SendOwedAsync().ConfigureAwait(false);
                (isOwner, goesOn) = await WorkAsync(owner).ConfigureAwait(false);
            }

            while (goesOn && BeginWait(Phase.Reading))
            {
                try
                {
                    _input.Commit(await _input.ReadAsync().ConfigureAwait(false), out bool isEnd);
                    if (isEnd)
                    {
                        Gone(null);
                    }
                }
                catch (Exception e) when (e is SocketException or ObjectDisposedException)
                {
                    Gone(e);
                }

                if (!EndWait(Phase.Reading) || _isGone)
                {
                    break;
                }

                (isOwner, goesOn) = await WorkAsync(owner).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            isOwner = Claim(owner);
            if (isOwner)
            {
                MilterLog.ConnectionFailed(_settings.Logger, e, Id, Peer);
                _end = ConnectionEnd.Failed;
            }
        }

        if (isOwner)
        {
            await EndAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Lets the session work on everything that was read.</summary>
    private async ValueTask<(bool IsOwner, bool GoesOn)> WorkAsync(int owner)
    {
        while (true)
        {
            SessionStatus status = Run(owner, resumes: false);
            bool isResumed = false;
            while (status == SessionStatus.Suspended)
            {
                await SendOwedAsync().ConfigureAwait(false);
                isResumed = true;
                if (await HandlerReturnsAsync().ConfigureAwait(false))
                {
                    status = Run(owner, resumes: true);
                }
                else
                {
                    // The late handler may still look at this buffer.
                    _input = _input.TakeOver(used: 0);
                    status = SessionStatus.NeedMore;
                }
            }

            if (status == SessionStatus.Deposed)
            {
                return (false, false);
            }

            await SendOwedAsync().ConfigureAwait(false);
            if (status == SessionStatus.Closed)
            {
                _end = ConnectionEnd.Session;
                return (true, false);
            }

            if (!isResumed)
            {
                return (true, !_isGone);
            }
        }
    }

    /// <summary>Runs the session under the watchdog's eyes.</summary>
    private SessionStatus Run(int owner, bool resumes)
    {
        ExecutionContext? context = ExecutionContext.Capture();
        BeginRun(resumes);
        int used = 0;
        if (!resumes)
        {
            _input.EndLoan();
        }

        SessionStatus status = resumes ? _session.Resume() : _session.Process(_input.Unread, out used);
        if (!EndRun(owner, status))
        {
            return SessionStatus.Deposed;
        }

        if (context is not null && !ReferenceEquals(context, ExecutionContext.Capture()))
        {
            // A handler has left an AsyncLocal behind.
            ExecutionContext.Restore(context);
        }

        _input.Consume(used);
        if (status != SessionStatus.Suspended)
        {
            _input.EndLoan();
        }

        return status;
    }

    /// <summary>Waits for a suspended handler, and reads on meanwhile to see the MTA leave.</summary>
    /// <returns><see langword="false"/> when the watchdog took its place.</returns>
    private async ValueTask<bool> HandlerReturnsAsync()
    {
        Task pending = _session.Pending;
        Task deposed = BeginSuspension();
        while (!pending.IsCompleted && !deposed.IsCompleted)
        {
            Task<int>? read = StartReadAhead();
            Task any = read is null ? Task.WhenAny(pending, deposed) : Task.WhenAny(pending, deposed, read);
            await any.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            if (read is { IsCompleted: true })
            {
                CommitReadAhead(read);
            }
        }

        return EndSuspension();
    }

    private Task<int>? StartReadAhead()
    {
        try
        {
            return _isGone ? null : _input.ReadAhead();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Gone(e);
            _session.PeerGone();
            return null;
        }
    }

    private void CommitReadAhead(Task<int> read)
    {
        _input.Commit(read.IsCompletedSuccessfully ? read.GetAwaiter().GetResult() : 0, out bool isEnd);
        if (isEnd)
        {
            Gone(read.Exception?.InnerException);
            _session.PeerGone();
        }
    }
}
