using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Milter.Transport;

namespace Milter.Hosting;

/// <summary>What a service manager is told by <c>sd_notify</c>: ready, reloading, stopping, a line about how it goes, and that the process lives.</summary>
internal sealed class ServiceManager
{
    private static readonly TimeSpan s_betweenReports = TimeSpan.FromSeconds(10);

    private readonly object _gate = new();
    private readonly string _path;
    private readonly TimeSpan _watchdog;
    private readonly Dictionary<Heartbeat, bool> _beats = [];
    private string _told = "";

    private ServiceManager(string path, TimeSpan watchdog) => (_path, _watchdog) = (path, watchdog);

    /// <summary>Gets the service manager that has started this process; <see langword="null"/> where it wants to hear nothing.</summary>
    public static ServiceManager? Current { get; } = Find(Environment.GetEnvironmentVariable, Environment.ProcessId);

    /// <summary>Reads <c>NOTIFY_SOCKET</c>, <c>WATCHDOG_USEC</c> and <c>WATCHDOG_PID</c> (sd_notify(3), sd_watchdog_enabled(3)).</summary>
    internal static ServiceManager? Find(Func<string, string?> environment, int process)
    {
        // A path, or the name of an abstract socket; other kinds are for virtual machines.
        if (OperatingSystem.IsWindows() || environment("NOTIFY_SOCKET") is not ['/' or '@', _, ..] path)
        {
            return null;
        }

        bool isOurs = environment("WATCHDOG_PID") is not { Length: > 0 } pid || pid == process.ToString(CultureInfo.InvariantCulture);
        bool isWatched = long.TryParse(environment("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out long microseconds) && isOurs;
        return new ServiceManager(path, isWatched ? TimeSpan.FromMicroseconds(microseconds) : TimeSpan.Zero);
    }

    /// <summary>All that was asked for is open. From now on the line of status is kept fresh.</summary>
    /// <param name="status">Says how it goes.</param>
    /// <returns>Ends the reports.</returns>
    public IDisposable Ready(Func<string> status)
    {
        Tell("READY=1");
        Report(status);
        return new Timer(_ => Report(status), null, s_betweenReports, s_betweenReports);
    }

    /// <summary>Something is done between <c>RELOADING=1</c> and <c>READY=1</c>.</summary>
    public void WhileReloading(Action reload)
    {
        // systemd compares it with the time at which it sent the signal: CLOCK_MONOTONIC, which is the platform's stopwatch.
        long now = Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000);
        Tell(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={now}"));
        reload();
        Tell("READY=1");
    }

    public void Stopping() => Tell("STOPPING=1");

    /// <summary>Makes what an engine's clock tells that it lives; <see langword="null"/> where there is no watchdog.</summary>
    public Heartbeat? NewHeartbeat()
    {
        if (_watchdog <= TimeSpan.Zero)
        {
            return null;
        }

        // A quarter, since all have to have beaten and none knows of the others: at half of the time at the latest it is told.
        var heartbeat = new Heartbeat(_watchdog / 4, Beat, End);
        lock (_gate)
        {
            _beats.Add(heartbeat, false);
        }

        return heartbeat;
    }

    private void Beat(Heartbeat heartbeat)
    {
        lock (_gate)
        {
            _beats[heartbeat] = true;
            if (_beats.ContainsValue(false))
            {
                return;
            }

            foreach (Heartbeat one in _beats.Keys)
            {
                _beats[one] = false;
            }
        }

        Tell("WATCHDOG=1");
    }

    private void End(Heartbeat heartbeat)
    {
        lock (_gate)
        {
            _beats.Remove(heartbeat);
        }
    }

    private void Report(Func<string> status)
    {
        string text = status().ReplaceLineEndings(" ");
        if (Interlocked.Exchange(ref _told, text) != text)
        {
            Tell("STATUS=" + text);
        }
    }

    private void Tell(string text)
    {
        try
        {
            // Without waiting: a service manager that does not listen holds up no mail.
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
            socket.SendTo(Encoding.UTF8.GetBytes(text), new UnixDomainSocketEndPoint(_path[0] == '@' ? string.Concat("\0", _path.AsSpan(1)) : _path));
        }
        catch (SocketException)
        {
            // Nobody listens any more, or there is no descriptor left: the next will do.
        }
    }
}
