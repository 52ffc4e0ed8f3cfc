using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Milter.Policy.Tests;

/// <summary>A database server of the test's own: a free port of the loopback interface, all its files in a temporary folder, ended by its process id.</summary>
public abstract partial class StoreServer : IAsyncDisposable
{
    private const int Sigkill = 9;
    private readonly List<Process> _started = [];
    private Process? _process;

    public int Port { get; } = FreePort();

    /// <summary>The setting <c>Policy:Store</c> for it.</summary>
    public abstract string Setting { get; }

    protected string Folder { get; } = Directory.CreateTempSubdirectory("attrmilter-store-").FullName;

    /// <summary>Skips the test where a program is missing; in the gate, where all have to be there, fails it.</summary>
    public static string Demand(string name, params string[] places)
    {
        string? found = places.SelectMany(place => Directory.Exists(Path.GetDirectoryName(place)) ? Directory.GetFileSystemEntries(Path.GetDirectoryName(place)!, Path.GetFileName(place)) : []).FirstOrDefault();
        if (found is null && Environment.GetEnvironmentVariable("ATTRMILTER_REQUIRE_STORES") == "1")
        {
            Assert.Fail($"{name} is not installed, and ATTRMILTER_REQUIRE_STORES demands it.");
        }

        Skip.If(found is null, $"{name} is not installed; `apt-get install postgresql redis-server` does that on Debian for all stores.");
        return found!;
    }

    public async Task StartAsync()
    {
        // A server that was killed may leave children that hold its memory for a moment.
        for (int attempt = 0; attempt < 100; attempt++)
        {
            _process = Launch();
            _started.Add(_process);
            for (int i = 0; i < 300 && !_process.HasExited; i++)
            {
                if (await IsReadyAsync())
                {
                    return;
                }

                await Task.Delay(100);
            }

            await Task.Delay(100);
        }

        throw new InvalidOperationException($"The server does not start; its files are in {Folder}.");
    }

    /// <summary>Ends it as the kernel does when memory is short.</summary>
    public async Task KillAsync()
    {
        _ = kill(_process!.Id, Sigkill);
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _ = kill(_process.Id, EndSignal);
            await _process.WaitForExitAsync();
        }

        _started.ForEach(process => process.Dispose());
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected abstract int EndSignal { get; }

    protected abstract Process Launch();

    protected abstract Task<bool> IsReadyAsync();

    protected static Process Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        Process process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    // Below the range of which the kernel gives ports by itself: nobody gets ours while the server is down.
    private static int FreePort()
    {
        while (true)
        {
            int port = Random.Shared.Next(15_000, 20_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Another.
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int kill(int pid, int signal);
}
