using System.Text;

namespace Milter.Mta.Tests;

/// <summary>Debian's clamd, with one signature of a harmless text instead of a database.</summary>
internal sealed class Clamd : IAsyncDisposable
{
    /// <summary>What it takes for a virus.</summary>
    public const string Sample = "ATTRMILTER-HARMLESS-SAMPLE-THAT-IS-FOUND";

    /// <summary>What it calls that.</summary>
    public const string Virus = "AttrMilter.Harmless.UNOFFICIAL";

    /// <summary>How large a message it takes.</summary>
    public const int StreamMaxLength = 256 * 1024;

    private const string Program = "/usr/sbin/clamd";

    private readonly WorkFolder _folder;
    private Daemon? _daemon;

    private Clamd(WorkFolder folder) => _folder = folder;

    /// <summary>Its socket.</summary>
    public string Socket => _folder["clamd.ctl"];

    /// <summary>Starts it; the test is skipped where it is not installed.</summary>
    public static async Task<Clamd> StartAsync()
    {
        ToolRequirement.Demand(Program, "clamav-daemon");
        var clamd = new Clamd(WorkFolder.Create("clamd"));
        string signatures = clamd._folder.CreateFolder("signatures");
        await File.WriteAllTextAsync(Path.Combine(signatures, "own.ndb"), $"AttrMilter.Harmless:0:*:{Convert.ToHexString(Encoding.ASCII.GetBytes(Sample))}\n");
        await File.WriteAllTextAsync(clamd._folder["clamd.conf"], $"""
            LocalSocket {clamd.Socket}
            PidFile {clamd._folder["pid"]}
            DatabaseDirectory {signatures}
            Foreground yes
            StreamMaxLength {StreamMaxLength}
            MaxThreads 2

            """);
        clamd._daemon = await Daemon.StartAsync(clamd._folder["log"], () => Deadline.Listens(clamd.Socket), Program, "--config-file", clamd._folder["clamd.conf"]);
        return clamd;
    }

    /// <summary>Has it stand still, so that it takes connections and answers none, or go on.</summary>
    public async Task SignalAsync(string signal) => await Command.RunAsync("/bin/kill", [$"-{signal}", (await File.ReadAllTextAsync(_folder["pid"])).Trim()]);

    /// <summary>Ends it.</summary>
    public async Task StopAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
            _daemon = null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }
}
