using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Milter.Listening;
using Milter.Session;
using Milter.Telemetry;
using Milter.Transport.Loops;
using Milter.Transport.Wire;

namespace Milter.Transport;

/// <summary>One milter on one endpoint: serves connections, and brings them to their end at a stop.</summary>
internal sealed class MilterEngine : IAsyncDisposable, IConnectionOwner, IAcceptor
{
    // How long handlers have to see their token, or to finish their command, once the drain's time is over.
    private static readonly TimeSpan s_lastGrace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_slowestLook = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_trimming = TimeSpan.FromSeconds(5);

    private readonly EngineSettings _settings;
    private readonly Reception _reception;
    private readonly EngineObserver _observer;
    private readonly Admission _admission;
    private readonly LoopSet? _loops;
    private readonly Clock _clock;
    private readonly ConcurrentDictionary<IWatched, IWatched> _connections = new();
    private readonly CancellationTokenSource _force = new();
    private readonly object _stopLock = new();
    private Task? _stopping;
    private int _hasFailedToAccept;
    private long _trimmed;
    private volatile bool _drains;

    private MilterEngine(EngineSettings settings, MilterListener listener)
    {
        _settings = settings;
        _observer = new EngineObserver(settings);
        _admission = new Admission(settings, _observer, settings.Session with { EndPoint = listener.EndPoint.ToString(), Observer = _observer });
        _loops = settings.UsesLoops ? new LoopSet(settings.Options.LoopThreads, new LoopHost(settings.Session.Limits.Late, Wake, Die)) : null;
        _reception = new Reception(listener, this, _admission, _loops, settings);
        Secure(settings.Options);
        _clock = new Clock(settings.Time, SlowLook(settings.Options), _connections, _loops, Look, settings.Heartbeat);
    }

    public string Name => _settings.Health.Name;

    /// <summary>Gets the options of the sessions that begin now.</summary>
    public MilterOptions Options => _admission.Session.Options;

    /// <summary>Gets what is really listened on.</summary>
    public MilterEndPoint EndPoint => _reception.EndPoint;

    bool IAcceptor.HasRoom => _admission.HasRoom;

    /// <summary>Opens the endpoint and begins to take connections.</summary>
    /// <exception cref="MilterListenException">The endpoint can't be opened, or the process lacks what it takes to serve it.</exception>
    public static async Task<MilterEngine> StartAsync(EngineSettings settings, CancellationToken ct)
    {
        ServerTap.ThrowIfSet();
        return Start(settings, await MilterListener.OpenAsync(settings.Listen, ct).ConfigureAwait(false));
    }

    /// <summary>Begins to take connections from an endpoint that is open. The engine closes it.</summary>
    /// <exception cref="MilterListenException">The process lacks what it takes to serve it.</exception>
    public static MilterEngine Start(EngineSettings settings, MilterListener listener)
    {
        try
        {
            // What is started here must not carry the starter's AsyncLocals into every session.
            using AsyncFlowControl flow = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
            var engine = new MilterEngine(settings, listener);
            engine._reception.Open();
            return engine;
        }
        catch (Exception e) when (e is IOException or OutOfMemoryException or ThreadStartException)
        {
            listener.Dispose();
            throw new MilterListenException($"Can't serve {listener.EndPoint}: {e.Message}. The process needs some threads and file descriptors: raise TasksMax= and LimitNOFILE= (ulimit -u, ulimit -n).", e);
        }
    }

    /// <summary>Gives connections from now on other options. Those that are open keep theirs; what only a start looks at stays.</summary>
    /// <param name="options">The options, which were checked and of which nobody else has a hold.</param>
    /// <param name="services">Where their filters' services come from.</param>
    public void Reload(MilterOptions options, IServiceProvider services)
    {
        lock (_stopLock)
        {
            // A connection is not to lose what encrypts it, nor to get it on a loop, which can't.
            options.SetSecurity((options.GetSecurity() is null) == (Options.GetSecurity() is null) ? options.GetSecurity() : Options.GetSecurity());
            Secure(options);
            _admission.Session = _admission.Session with { Options = options, Services = services };
            if (!_drains)
            {
                _clock.Change(SlowLook(options));
            }
        }
    }

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
            _reception.Hide();
            _settings.Health.Drains();
        }

        foreach (Connection connection in Connections())
        {
            connection.BeginDrain();
        }

        // Silence is short now.
        _clock.Change(Clock.Interval);
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

    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The connection closes its wire.")]
    void IAcceptor.Serve(int descriptor, PeerAddress? peer)
    {
        Loop loop = _loops!.Next();
        var wire = new LoopWire(loop, loop.Kernel, descriptor, isTcp: peer is not null);
        Serve(wire, peer ?? new PeerAddress(wire));
    }

    public void Wake() => _clock?.Wake();

    void IConnectionOwner.BeforeBlocking() => LoopThread.Current?.HandOver();

    /// <summary>Serves a connection of the platform's sockets.</summary>
    internal void Serve(Socket socket, PeerAddress peer) =>
        Serve(Options.GetSecurity() is { } security ? new SecuredWire(socket, security, reason => _admission.NotSecured(peer, reason)) : new SocketWire(socket), peer);

    internal void Serve(IWire wire, PeerAddress peer)
    {
        Interlocked.Exchange(ref _hasFailedToAccept, 0);
        if (!_admission.Allows(peer))
        {
            wire.Close();
            return;
        }

        string id = ConnectionIds.Next();
        SessionSettings session = _admission.Open(peer);
        TransportLog.ConnectionOpened(_settings.Logger, id, peer);
        Connection? connection = null;
        try
        {
            connection = new Connection(this, session, wire, id, peer);
            _connections[connection] = connection;
            if (_drains)
            {
                connection.BeginDrain();
            }

            connection.Start();
        }
#pragma warning disable CA1031 // Whatever it is, the next connection must still be taken.
        catch (Exception e)
#pragma warning restore CA1031
        {
            TransportLog.ConnectionFailed(_settings.Logger, e, id, peer.ToString() ?? "");
            wire.Close();
            Ended(connection);
        }
    }

    public void AcceptFailed(string reason, Exception? exception = null)
    {
        if (Interlocked.Exchange(ref _hasFailedToAccept, 1) == 0)
        {
            TransportLog.AcceptFailed(_settings.Logger, exception, Name, reason);
        }
    }

    private void Secure(MilterOptions options)
    {
        if (options.GetSecurity() is { } security)
        {
            security.Complain = text => TransportLog.NotReloaded(_settings.Logger, text);
        }
    }

    private static TimeSpan SlowLook(MilterOptions options)
    {
        TimeSpan idle = options.IdleTimeout / 4, first = options.FirstPacketTimeout / 4;
        TimeSpan slow = first < idle ? first : idle;
        return slow < s_slowestLook ? slow : s_slowestLook;
    }

    private IEnumerable<Connection> Connections() => _connections.Keys.Cast<Connection>();

    private async Task DrainAsync(CancellationToken force)
    {
        await Task.Yield();
        await _reception.CloseAsync().ConfigureAwait(false);
        if (!_connections.IsEmpty)
        {
            TransportLog.Draining(_settings.Logger, Name, _connections.Count, Options.DrainTimeout);
            if (!await EndWithinAsync(Options.DrainTimeout, force).ConfigureAwait(false))
            {
                await EndByForceAsync().ConfigureAwait(false);
            }
        }

        _settings.Heartbeat?.Dispose();
        _clock.Dispose();
        _observer.Dispose();
        _loops?.Dispose();
        _settings.Health.Stopped();
        TransportLog.Stopped(_settings.Logger, Name);
    }

    private async Task EndByForceAsync()
    {
        TransportLog.DrainExpired(_settings.Logger, Name, _connections.Count);
        foreach (Connection connection in Connections())
        {
            connection.Signal(Signals.EndAtRest);
        }

        if (await EndWithinAsync(s_lastGrace, CancellationToken.None).ConfigureAwait(false))
        {
            return;
        }

        foreach (Connection connection in Connections())
        {
            connection.Abort();
        }

        if (!await EndWithinAsync(s_lastGrace, CancellationToken.None).ConfigureAwait(false))
        {
            TransportLog.HandlersLeftBehind(_settings.Logger, Name, _connections.Count);
        }
    }

    /// <returns>Whether all connections have ended.</returns>
    private async Task<bool> EndWithinAsync(TimeSpan time, CancellationToken force)
    {
        Task all = Task.WhenAll(Connections().Select(static connection => connection.Ended));
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

    public void Ended(Connection? connection)
    {
        if (connection is not null)
        {
            _connections.TryRemove(connection, out _);
        }

        _admission.Close();
        _reception.Resume();
    }

    // On the clock's thread, after it has looked at all connections.
    private void Look(long now)
    {
        if (_loops?.KeepReserves() == false)
        {
            _observer.LimitReached("threads", "the system gives no more (TasksMax=, ulimit -u, LimitNOFILE=): a handler that blocks keeps the connections of its loop waiting");
        }

        _reception.Resume();
        _reception.Look();
        TrimSegments(now);
        if (!_settings.Session.Limits.Memory.IsOver)
        {
            return;
        }

        Connection? worst = null;
        foreach (Connection connection in Connections())
        {
            worst = connection.Unsent > (worst?.Unsent ?? 0) ? connection : worst;
        }

        worst?.Signal(Signals.Shortage);
    }

    private void TrimSegments(long now)
    {
        if (_settings.Time.GetElapsedTime(_trimmed, now) >= s_trimming)
        {
            _trimmed = now;
            _settings.Session.Limits.Segments.Trim();
        }
    }

    private void Die(string what, Exception? exception)
    {
        TransportLog.Dies(_settings.Logger, exception, Name, what);
        _settings.Die($"{Name}: {what}. The process ends, so that it is started again.", exception);
    }
}
