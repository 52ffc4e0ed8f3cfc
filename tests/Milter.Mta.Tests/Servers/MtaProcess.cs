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

    /// <summary>When a process began, in the kernel's ticks since it booted; together with the id nobody else's. <see langword="null"/> where there is none.</summary>
    public static string? BeginningOf(int id) => Stat(id) is { } fields && fields[0] is not ("Z" or "X") ? fields[19] : null;

    /// <summary>Ends all processes of a session whose main process is none of ours.</summary>
    public static async Task EndSessionAsync(int session)
    {
        foreach (int signal in new[] { SigTerm, SigKill })
        {
            // The main one first, so that it starts no new ones.
            _ = Kill(session, signal);
            await Deadline.UntilAsync(() => BeginningOf(session) is null, TimeSpan.FromSeconds(10));
            foreach (int id in MembersOf(session))
            {
                _ = Kill(id, signal);
            }

            await Deadline.UntilAsync(() => MembersOf(session).Count == 0, TimeSpan.FromSeconds(10));
            if (MembersOf(session).Count == 0)
            {
                return;
            }
        }
    }

    /// <summary>The living processes of the session, the main one included.</summary>
    public IReadOnlyList<int> Members() => MembersOf(Id);

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

    private static IReadOnlyList<int> MembersOf(int session) => [.. Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int id) ? id : 0)
        .Where(id => id > 0 && Stat(id) is { } fields && fields[0] is not ("Z" or "X") && int.Parse(fields[3], CultureInfo.InvariantCulture) == session)];

    // state parent group session …: what follows "pid (name)"; the name may hold anything.
    private static string[]? Stat(int id)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null; // ended, perhaps in the meantime
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int id, int signal);
}
