using System.Diagnostics;

namespace Milter.Mta.Tests;

/// <summary>A program that a test needs beside the mail server, in the foreground. It ends when it is disposed of, and with this process, however that ends.</summary>
internal sealed class Daemon : IAsyncDisposable
{
    // The shell waits for the end of its input, which is ours; then it ends the program by its id.
    private const string Script = "exec 3<&0; \"$@\" 3<&- </dev/null >\"$0\" 2>&1 & read -r _ <&3; kill $! 2>/dev/null; wait $!";

    private readonly Process _shell;
    private readonly string _log;

    private Daemon(Process shell, string log) => (_shell, _log) = (shell, log);

    /// <summary>What the program has said so far.</summary>
    public string Log => File.Exists(_log) ? File.ReadAllText(_log) : "";

    /// <summary>Starts a program, and waits until it is ready.</summary>
    /// <param name="log">The file for what it says.</param>
    /// <param name="isReady">Whether it is ready.</param>
    /// <param name="command">The program and its arguments.</param>
    public static async Task<Daemon> StartAsync(string log, Func<bool> isReady, params IEnumerable<string> command)
    {
        string[] words = [.. command];
        var daemon = new Daemon(Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Script, log, .. words]) { RedirectStandardInput = true })!, log);
        if (!await Deadline.UntilAsync(isReady))
        {
            await daemon.DisposeAsync();
            Assert.Fail($"{words[0]} does not start: {daemon.Log}");
        }

        return daemon;
    }

    /// <summary>Ends the program.</summary>
    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
    }
}
