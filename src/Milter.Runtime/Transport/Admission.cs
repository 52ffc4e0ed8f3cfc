using Milter.Listening;
using Milter.Session;
using Milter.Telemetry;

namespace Milter.Transport;

/// <summary>Who may come in: the one place that says 421, or that there is no room.</summary>
internal sealed class Admission
{
    // What everything else may need: logs, temporary files, the filter's own connections.
    private const int LeastReserve = 32, MostReserve = 512;

    private readonly EngineSettings _settings;
    private readonly EngineObserver _observer;
    private readonly int _descriptors = MostDescriptors();
    private volatile Terms _terms;
    private int _isOverLimit;

    public Admission(EngineSettings settings, EngineObserver observer, SessionSettings session)
    {
        _settings = settings;
        _observer = observer;
        _terms = Terms.Of(session);
    }

    /// <summary>Gets or sets the settings of the sessions that begin from now on.</summary>
    public SessionSettings Session
    {
        get => _terms.Session;
        set => _terms = Terms.Of(value);
    }

    /// <summary>Gets a value indicating whether another connection may be opened. Callers wait while there is none.</summary>
    public bool HasRoom
    {
        get
        {
            int most = Session.Options.MaxOpenConnections is > 0 and var set ? set : _descriptors;
            if (_settings.Health.Connections < most)
            {
                return true;
            }

            _observer.LimitReached(nameof(MilterOptions.MaxOpenConnections), $"{most} connections are open, and callers wait until one ends (LimitNOFILE=, ulimit -n)");
            return false;
        }
    }

    /// <summary>Says whether a peer may connect; tells it where not.</summary>
    public bool Allows(PeerAddress peer)
    {
        if (_terms.Peers.Allows(peer))
        {
            return true;
        }

        if (_observer.Denied())
        {
            TransportLog.Denied(_settings.Logger, _settings.Health.Name, peer);
        }

        return false;
    }

    /// <summary>A peer and we did not agree on TLS; tells it.</summary>
    public void NotSecured(PeerAddress peer, string reason)
    {
        if (_observer.Denied())
        {
            TransportLog.NotSecured(_settings.Logger, _settings.Health.Name, peer, reason.ReplaceLineEndings(" "));
        }
    }

    /// <summary>A connection is opened.</summary>
    /// <param name="peer">Who it is.</param>
    /// <returns>The settings of its session.</returns>
    public SessionSettings Open(object peer)
    {
        Terms terms = _terms;
        int limit = terms.Session.Options.MaxConnections;
        bool isRefused = _settings.Health.ConnectionOpened() > limit && limit > 0;
        if (isRefused)
        {
            _observer.LimitReached(nameof(MilterOptions.MaxConnections), null);
        }

        if (Interlocked.Exchange(ref _isOverLimit, isRefused ? 1 : 0) == 0 && isRefused)
        {
            TransportLog.OverLimit(_settings.Logger, _settings.Health.Name, limit, peer.ToString() ?? "");
        }

        return isRefused ? terms.Refusal : terms.Session;
    }

    /// <summary>A connection is closed.</summary>
    public void Close() => _settings.Health.ConnectionClosed();

    private static int MostDescriptors()
    {
        int limit = LibC.MostDescriptors();
        if (limit == int.MaxValue)
        {
            return limit;
        }

        int used = Directory.Exists("/proc/self/fd") ? Directory.GetFileSystemEntries("/proc/self/fd").Length : 0;
        return Math.Max(1, limit - used - Math.Clamp(limit / 8, LeastReserve, MostReserve));
    }

    // What a reload changes, in one piece.
    private sealed record Terms(SessionSettings Session, SessionSettings Refusal, PeerRules Peers)
    {
        public static Terms Of(SessionSettings session) => new(session, session with { Refuse = true }, PeerRules.Of(session.Options));
    }
}
