using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Milter.Client.Tests;

/// <summary>A filter of somebody else's, as a process of ours, on a unix socket; ended by its own id.</summary>
internal sealed class Peer : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _error;

    private Peer(Process process, string socketPath)
    {
        _process = process;
        _ = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
        EndPoint = "unix:" + socketPath;
    }

    public string EndPoint { get; }

    /// <summary>Skips the test where a file is missing, or fails it where all must be there (<c>ATTRMILTER_REQUIRE_MTA=1</c>).</summary>
    public static void Demand(params string[] files)
    {
        string? missing = files.FirstOrDefault(file => !File.Exists(file));
        string reason = $"{missing} is missing; `tests/Milter.Client.Tests/install-peers.sh` installs it on Debian.";
        Assert.False(missing is not null && Environment.GetEnvironmentVariable("ATTRMILTER_REQUIRE_MTA") == "1", reason);
        Skip.If(missing is not null, reason);
    }

    public static async Task<Peer> StartAsync(string socketPath, string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        var peer = new Peer(Process.Start(start)!, socketPath);
        try
        {
            await peer.WaitUntilItListensAsync(socketPath);
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a program to its end, which has to be a good one.</summary>
    /// <returns>What it has said on its standard error stream.</returns>
    public static async Task<string> RunAsync(string file, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardError = true })!;
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{file} {string.Join(' ', arguments)} ended with {process.ExitCode}: {error}");
        return error;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // A filter that is asked to end tidies up; one that does not is ended.
            await RunAsync("/bin/kill", "-TERM", _process.Id.ToString(CultureInfo.InvariantCulture));
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await _process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_process.HasExited)
            {
                _process.Kill();
            }
        }

        _process.Dispose();
    }

    private async Task WaitUntilItListensAsync(string socketPath)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath));
                return;
            }
            catch (SocketException exception)
            {
                bool isLate = Stopwatch.GetElapsedTime(start) > s_patience;
                Assert.False(_process.HasExited || isLate, $"It does not listen on {socketPath}: {exception.Message} {(_process.HasExited ? await _error : "")}");
                await Task.Delay(TimeSpan.FromMilliseconds(20));
            }
        }
    }
}
