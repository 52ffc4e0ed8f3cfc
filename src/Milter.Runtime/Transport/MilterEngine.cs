using System.Collections.Concurrent;
using System.Net.Sockets;
using Milter.Session;
using Milter.Telemetry;
using Milter.Transport.Epoll;

namespace Milter.Transport;

/// <summary>One milter on one endpoint: takes connections, and brings them to their end at a stop.</summary>
internal sealed class MilterEngine : IAsyncDisposable
{
    private static readonly TimeSpan s_acceptPause = TimeSpan.FromMilliseconds(250);

    // How long handlers have to see their token, or to finish their command, once the drain's time is over.
    private static readonly TimeSpan s_lastGrace = TimeSpan.FromSeconds(1);

    private readonly EngineSettings _settings;
    private readonly SessionSettings _session;
    private readonly SessionSettings _refusal;
    private readonly MilterListener _listener;
    private readonly EpollLoops? _loops;
    private readonly MilterWatchdog _watchdog;
    private readonly ConcurrentDictionary<IServedConnection, IServedConnection> _connections = new();
    private readonly CancellationTokenSource _accepting = new();
    private readonly CancellationTokenSource _force = new();
    private readonly Task _accept;
    private readonly object _stopLock = new();
    private Task? _stopping;
    private int _isOverLimit;
    private volatile bool _drains;

    private MilterEngine(EngineSettings settings, MilterListener listener)
    {
        _settings = settings;
        _listener = listener;
        _session = settings.Session with { EndPoint = listener.EndPoint.ToString(), Observer = new EngineObserver(settings.Health, new BlockingReport(settings.Session.Descriptor, settings.Logger, settings.Time)) };
        _refusal = _session with { Refuse = true };
        _watchdog = new MilterWatchdog(settings.Time, settings.IdleTimeout, _connections);
        _loops = settings.UsesEpoll ? new EpollLoops(settings.LoopThreads) : null;
        settings.Health.Listens(listener.EndPoint);
        MilterLog.Listening(settings.Logger, Name, listener.EndPoint);

        // What is started here must not carry the starter's AsyncLocals into every session.
        using AsyncFlowControl flow = ExecutionContext.SuppressFlow();
        _accept = Task.Run(AcceptAsync);
    }

    public string Name => _settings.Health.Name;

    /// <summary>Gets what is really listened on.</summary>
    public MilterEndPoint EndPoint => _listener.EndPoint;

    /// <summary>Opens the endpoint and begins to take connections.</summary>
    /// <exception cref="MilterListenException">The endpoint can't be opened.</exception>
    public static async Task<MilterEngine> StartAsync(EngineSettings settings, CancellationToken ct) =>
        Start(settings, await MilterListener.OpenAsync(settings.Listen, ct).ConfigureAwait(false));

    /// <summary>Begins to take connections from an endpoint that is open. The engine closes it.</summary>
    public static MilterEngine Start(EngineSettings settings, MilterListener listener) => new(settings, listener);

    /// <summary>Stops taking connections, and tells each session to end at its next message. Returns at once.</summary>
    public void BeginDrain()
    {
        lock (_stopLock)
        {
            if (_drains)
            {
                return;
            }

            _drains = true;
            _settings.Health.Drains();
            _listener.Hide();
            _accepting.Cancel();
        }

        foreach (IServedConnection connection in _connections.Keys)
        {
            connection.BeginDrain();
        }
    }

    /// <summary>Stops: drains for as long as the settings say, then ends what is left.</summary>
    /// <param name="force">Ends the draining at once.</param>
    public async Task StopAsync(CancellationToken force)
    {
        BeginDrain();
        Task stopping;
        lock (_stopLock)
        {
            stopping = _stopping ??= DrainAsync(_force.Token);
        }

        using CancellationTokenRegistration registration = force.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _force);
        await stopping.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync() => await StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);

    private async Task DrainAsync(CancellationToken force)
    {
        await _accept.ConfigureAwait(false);
        _listener.Dispose();
        if (!_connections.IsEmpty)
        {
            MilterLog.Draining(_settings.Logger, Name, _connections.Count, _settings.DrainTimeout);
            if (!await EndWithinAsync(_settings.DrainTimeout, force).ConfigureAwait(false))
            {
                await EndByForceAsync().ConfigureAwait(false);
            }
        }

        _watchdog.Dispose();
        _loops?.Dispose();
        _settings.Health.Stopped();
        MilterLog.Stopped(_settings.Logger, Name);
    }

    private async Task EndByForceAsync()
    {
        MilterLog.DrainExpired(_settings.Logger, Name, _connections.Count);
        foreach (IServedConnection connection in _connections.Keys)
        {
            connection.EndWhenAnswered();
        }

        if (await EndWithinAsync(s_lastGrace, CancellationToken.None).ConfigureAwait(false))
        {
            return;
        }

        foreach (IServedConnection connection in _connections.Keys)
        {
            connection.Abort();
        }

        if (!await EndWithinAsync(s_lastGrace, CancellationToken.None).ConfigureAwait(false))
        {
            MilterLog.HandlersLeftBehind(_settings.Logger, Name, _connections.Count);
        }
    }

    /// <returns>Whether all connections have ended.</returns>
    private async Task<bool> EndWithinAsync(TimeSpan time, CancellationToken force)
    {
        Task all = Task.WhenAll(_connections.Keys.Select(static connection => connection.Ended));
        try
        {
            await all.WaitAsync(time, _settings.Time, force).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            return all.IsCompleted;
        }
    }

    private async Task AcceptAsync()
    {
        bool hasFailed = false;
        while (true)
        {
            // Those that wait when the draining begins are still taken, to be told 421.
            bool drains = _accepting.IsCancellationRequested;
            if (drains && !_listener.HasWaiting())
            {
                return;
            }

            try
            {
                Socket socket = await _listener.AcceptAsync(drains ? CancellationToken.None : _accepting.Token).ConfigureAwait(false);
                hasFailed = false;
                Serve(socket);
            }
            catch (OperationCanceledException)
            {
                // The draining begins.
            }
            catch (SocketException) when (drains)
            {
                return;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionAborted or SocketError.ConnectionReset)
            {
                // That peer has left again.
            }
#pragma warning disable CA1031 // Whatever it is, the next connection must still be taken.
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (!hasFailed)
                {
                    MilterLog.AcceptFailed(_settings.Logger, e, Name, e.Message);
                }

                hasFailed = true;
                await Task.Delay(s_acceptPause, _settings.Time, _accepting.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Serve(Socket socket)
    {
        string id = ConnectionIds.Next();
        string peer = PeerOf(socket);
        int count = _settings.Health.ConnectionOpened();
        bool isRefused = _settings.MaxConnections > 0 && count > _settings.MaxConnections;
        MilterMetrics.ConnectionOpened(Name, isRefused);
        MilterLog.ConnectionOpened(_settings.Logger, id, peer);
        if (Interlocked.Exchange(ref _isOverLimit, isRefused ? 1 : 0) == 0 && isRefused)
        {
            MilterLog.OverLimit(_settings.Logger, Name, _settings.MaxConnections, peer);
        }

        try
        {
            SessionSettings session = isRefused ? _refusal : _session;
            IServedConnection connection = _loops is not null
                ? new EpollConnection(socket, _loops.Next(), _settings, session, _watchdog, Ended, id, peer)
                : new MilterConnection(socket, _settings, session, _watchdog, Ended, id, peer);
            _connections[connection] = connection;
            if (_drains)
            {
                connection.BeginDrain();
            }

            connection.Start();
        }
        catch (Exception e)
        {
            MilterLog.ConnectionFailed(_settings.Logger, e, id, peer);
            socket.Dispose();
            Ended(null);
        }
    }

    private void Ended(IServedConnection? connection)
    {
        if (connection is not null)
        {
            _connections.TryRemove(connection, out _);
        }

        _settings.Health.ConnectionClosed();
        MilterMetrics.ConnectionClosed(Name);
    }

    private static string PeerOf(Socket socket)
    {
        try
        {
            return socket.AddressFamily == AddressFamily.Unix ? "unix" : socket.RemoteEndPoint?.ToString() ?? "unknown";
        }
        catch (SocketException)
        {
            return "unknown";
        }
    }
}
