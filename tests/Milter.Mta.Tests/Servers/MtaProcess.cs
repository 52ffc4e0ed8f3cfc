using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Milter.Mta.Tests;

/// <summary>A server's main process, at the head of a session of its own, and all processes of that session.</summary>
internal sealed class MtaProcess : IAsyncDisposable
{
    private const int SigTerm = 15, SigKill = 9;

    private readonly Process _main;
    private bool _disposed;

    private MtaProcess(Process main) => (_main, Id) = (main, main.Id);

    public int Id { get; }

    public bool HasExited => _main.HasExited;

    /// <summary>Starts a command that stays in the foreground and keeps its process id through every exec.</summary>
    public static MtaProcess Start(string outputFile, string mailConfig, params IEnumerable<string> command)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec setsid \"$@\" </dev/null >\"$0\" 2>&1", outputFile, .. command])
        {
            WorkingDirectory = "/",
        };
        start.Environment["MAIL_CONFIG"] = mailConfig;
        return new MtaProcess(Process.Start(start)!);
    }

    /// <summary>The living processes of the session, the main one included.</summary>
    public IReadOnlyList<int> Members() => [.. Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int id) ? id : 0)
        .Where(id => id > 0 && IsAliveInSession(id))];

    /// <summary>Ends the main process and then whatever is left of its session.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await EndAsync(SigTerm);
        if (Members().Count > 0)
        {
            await EndAsync(SigKill);
        }

        await _main.WaitForExitAsync();
        _main.Dispose();
    }

    private async Task EndAsync(int signal)
    {
        // The main one first, so that it starts no new ones.
        if (!_main.HasExited)
        {
            _ = Kill(Id, signal);
        }

        await Deadline.UntilAsync(() => _main.HasExited, TimeSpan.FromSeconds(10));
        foreach (int id in Members())
        {
            _ = Kill(id, signal);
        }

        await Deadline.UntilAsync(() => Members().Count == 0, TimeSpan.FromSeconds(10));
    }

    private bool IsAliveInSession(int id)
    {
        try
        {
            // pid (name) state parent group session …; the name may hold anything.
            string stat = File.ReadAllText($"/proc/{id}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is not ("Z" or "X") && int.Parse(fields[3], CultureInfo.InvariantCulture) == Id;
        }
        catch (IOException)
        {
            return false; // ended in the meantime
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int id, int signal);
}
