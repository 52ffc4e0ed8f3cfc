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
    private readonly SessionSettings _session;
    private readonly SessionSettings _refusal;
    private readonly int _most;
    private int _isOverLimit;

    public Admission(EngineSettings settings, EngineObserver observer, SessionSettings session)
    {
        _settings = settings;
        _observer = observer;
        _session = session;
        _refusal = session with { Refuse = true };
        _most = settings.Options.MaxOpenConnections > 0 ? settings.Options.MaxOpenConnections : MostDescriptors();
    }

    /// <summary>Gets a value indicating whether another connection may be opened. Callers wait while there is none.</summary>
    public bool HasRoom
    {
        get
        {
            if (_settings.Health.Connections < _most)
            {
                return true;
            }

            _observer.LimitReached(nameof(MilterOptions.MaxOpenConnections), $"{_most} connections are open, and callers wait until one ends (LimitNOFILE=, ulimit -n)");
            return false;
        }
    }

    /// <summary>A connection is opened.</summary>
    /// <param name="peer">Who it is.</param>
    /// <returns>The settings of its session.</returns>
    public SessionSettings Open(object peer)
    {
        int limit = _settings.Options.MaxConnections;
        bool isRefused = _settings.Health.ConnectionOpened() > limit && limit > 0;
        _observer.ConnectionOpened(isRefused);
        if (isRefused)
        {
            _observer.LimitReached(nameof(MilterOptions.MaxConnections), null);
        }

        if (Interlocked.Exchange(ref _isOverLimit, isRefused ? 1 : 0) == 0 && isRefused)
        {
            TransportLog.OverLimit(_settings.Logger, _settings.Health.Name, limit, peer.ToString() ?? "");
        }

        return isRefused ? _refusal : _session;
    }

    /// <summary>A connection is closed.</summary>
    public void Close()
    {
        _settings.Health.ConnectionClosed();
        _observer.ConnectionClosed();
    }

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
}
