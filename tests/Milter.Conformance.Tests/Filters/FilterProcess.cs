using System.Diagnostics;
using System.Net.Sockets;

namespace Milter.Conformance.Tests.Filters;

/// <summary>A running probe, ended by its own process id.</summary>
internal sealed class FilterProcess : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _command;
    private readonly Task<string> _error;

    private FilterProcess(Process process, string command, string socketPath)
    {
        _process = process;
        _command = command;
        SocketPath = socketPath;
        _ = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    public string SocketPath { get; }

    /// <summary>Starts a probe and waits until it listens.</summary>
    /// <param name="command">Program and arguments, with <c>{listen}</c> where the endpoint goes.</param>
    /// <param name="socketPath">The unix socket that it is to listen on.</param>
    /// <param name="options">Further arguments.</param>
    public static FilterProcess Start(IReadOnlyList<string> command, string socketPath, params IEnumerable<string> options)
    {
        string[] words = [.. command.Select(word => word.Replace("{listen}", "unix:" + socketPath, StringComparison.Ordinal)), .. options];
        var start = new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var filter = new FilterProcess(Process.Start(start)!, string.Join(' ', words), socketPath);
        try
        {
            filter.WaitUntilItListens();
            return filter;
        }
        catch
        {
            filter.Dispose();
            throw;
        }
    }

    /// <summary>Ends it with SIGTERM.</summary>
    /// <returns>Its exit code; null when it was still there after the deadline.</returns>
    public int? Terminate()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
        }

        return _process.WaitForExit(s_patience) ? _process.ExitCode : null;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private void WaitUntilItListens()
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                socket.Connect(new UnixDomainSocketEndPoint(SocketPath));
                return;
            }
            catch (SocketException) when (!_process.HasExited && Stopwatch.GetElapsedTime(start) < s_patience)
            {
                Thread.Sleep(20);
            }
            catch (SocketException exception)
            {
                string end = _process.HasExited ? $"ended with {_process.ExitCode} before it listened: {_error.GetAwaiter().GetResult()}" : $"does not listen on {SocketPath}";
                throw new InvalidOperationException($"\"{_command}\" {end}", exception);
            }
        }
    }
}
