using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Milter.Mta.Tests;

namespace Milter.Package.Tests;

/// <summary>Plays systemd to a service that is started by its socket: opens the socket, starts the program with the unit's environment at the first connection, and hears what it tells of itself.</summary>
internal sealed class PlayedService : IAsyncDisposable
{
    public const string Activate = "/usr/bin/systemd-socket-activate";

    private readonly Process _process;
    private readonly Socket _notices;
    private readonly StringBuilder _heard = new();
    private readonly Task _hearing;

    private PlayedService(Process process, Socket notices)
    {
        _process = process;
        _notices = notices;
        _hearing = HearAsync();
    }

    /// <summary>Has systemd look at a unit, and at those that it names.</summary>
    public static async Task VerifyAsync(string unit)
    {
        using Process verify = Process.Start(new ProcessStartInfo("systemd-analyze", ["verify", unit]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        string error = await verify.StandardError.ReadToEndAsync();
        await verify.WaitForExitAsync();

        // The machine's own units are no matter of ours.
        string name = Path.GetFileNameWithoutExtension(unit);
        Assert.DoesNotContain(error.Split('\n'), line => line.Contains(name, StringComparison.Ordinal));
    }

    /// <summary>Starts what a service's unit says behind the socket that its socket's unit says.</summary>
    public static async Task<PlayedService> StartAsync(WorkFolder folder, string name)
    {
        string[] service = await File.ReadAllLinesAsync(folder[$"{name}.service"]);
        string listen = Values(await File.ReadAllLinesAsync(folder[$"{name}.socket"]), "ListenStream").Single();
        var notices = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        notices.Bind(new UnixDomainSocketEndPoint(folder["notify"]));
        string[] environment = [.. Values(service, "Environment"), $"NOTIFY_SOCKET={folder["notify"]}"];
        Process process = Process.Start(new ProcessStartInfo(
            Activate, [$"--listen={listen}", .. environment.Select(one => $"--setenv={one}"), .. Values(service, "ExecStart").Single().Split(' ')])
        {
            WorkingDirectory = Values(service, "WorkingDirectory").Single(),
        })!;
        Assert.True(await Deadline.UntilAsync(() => Deadline.Listens(listen)), "systemd-socket-activate does not listen");

        // SocketGroup= and SocketMode=, for a server that runs as any user.
        File.SetUnixFileMode(listen, (UnixFileMode)0b110_110_110);
        return new PlayedService(process, notices);
    }

    /// <summary>Waits until the program has told something of itself.</summary>
    public async Task WaitForAsync(string notice) =>
        Assert.True(await Deadline.UntilAsync(() => Heard().Contains(notice, StringComparison.Ordinal)), $"the service has not said {notice}, but:\n{Heard()}");

    /// <summary>Stops it as systemd does.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        _ = Kill(_process.Id, 15);
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _notices.Dispose();
        await _hearing;
        _process.Dispose();
    }

    private static IEnumerable<string> Values(IEnumerable<string> unit, string key) =>
        unit.Where(line => line.StartsWith(key + '=', StringComparison.Ordinal)).Select(line => line[(key.Length + 1)..]);

    private string Heard()
    {
        lock (_heard)
        {
            return _heard.ToString();
        }
    }

    private async Task HearAsync()
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (true)
            {
                int count = await _notices.ReceiveAsync(buffer);
                lock (_heard)
                {
                    _heard.Append(Encoding.UTF8.GetString(buffer, 0, count)).Append('\n');
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
