using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Milter.Mta.Tests;

/// <summary>The Quickstart as a process, on a socket that outlives it: <c>systemd-socket-activate</c> holds it, and a loop starts the filter again whenever it ends, as <c>Restart=always</c> does.</summary>
internal sealed class ServedFilter : IAsyncDisposable
{
    public const int Sighup = 1, Sigkill = 9, Sigterm = 15;

    private const string Activator = "/usr/bin/systemd-socket-activate";

    // The socket is the third descriptor. All of it ends with the input, however the test does.
    private const string Loop = """
        exec 5<&0
        pid=$1; shift
        ( cat <&5 >/dev/null; kill -9 $$; kill -9 $(cat "$pid") ) &
        while :; do
            sh -c 'pid=$1; shift; echo $$ >"$pid.new"; mv "$pid.new" "$pid"; export LISTEN_PID=$$; exec "$@"' sh "$pid" "$@" 5<&- </dev/null &
            wait $!
            [ $? = 78 ] && exit 78
        done
        """;

    private readonly Process _process;
    private readonly string _pidFile;

    private ServedFilter(Process process, string pidFile, Journal said) => (_process, _pidFile, Said) = (process, pidFile, said);

    /// <summary>What the filter and what starts it have printed.</summary>
    public Journal Said { get; }

    /// <summary>The process of the filter that runs now, or was the last to run.</summary>
    public int Id => int.Parse(File.ReadAllText(_pidFile), CultureInfo.InvariantCulture);

    /// <summary>Opens the socket, and starts the filter at the first connection.</summary>
    public static async Task<ServedFilter> StartAsync(string socket, params IEnumerable<string> settings)
    {
        Skip.IfNot(File.Exists(Activator), $"{Activator} is not installed");
        File.Delete(socket);
        string pidFile = socket + ".pid";
        File.Delete(pidFile);
        string program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Quickstart", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "quickstart.dll"));
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"exec {Activator} -l \"$0\" -E DOTNET_ROOT -E PATH \"$@\"", socket, "/bin/sh", "-c", Loop, "sh", pidFile, "dotnet", program, "--Milter:Listen=systemd", .. settings])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process = Process.Start(start)!;
        var said = new Journal();
        process.OutputDataReceived += (_, line) => said.Add(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => said.Add(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Assert.True(await Deadline.UntilAsync(() => Deadline.Listens(socket)), "the socket was not opened");

        // systemd-socket-activate has a umask of its own, and Postfix connects as another user.
        File.SetUnixFileMode(socket, (UnixFileMode)0b110_110_110);
        return new ServedFilter(process, pidFile, said);
    }

    /// <summary>Sends the filter a signal.</summary>
    public void Signal(int signal) => Assert.Equal(0, Kill(Id, signal));

    /// <summary>Waits until a filter that was told to end has ended.</summary>
    public static async Task WaitForEndAsync(int id) => Assert.True(await Deadline.UntilAsync(() => MtaProcess.BeginningOf(id) is null), "the filter did not end");

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        await Deadline.UntilAsync(() => MtaProcess.BeginningOf(Id) is null);
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int id, int signal);
}
