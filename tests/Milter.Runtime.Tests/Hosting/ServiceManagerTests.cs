using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using Milter.Hosting;
using Milter.Runtime.Tests.Transport;
using Milter.Transport;

namespace Milter.Runtime.Tests.Hosting;

/// <summary>Protects the life of a program among signals and under a service manager. The program is one of its own, the service manager's socket is the test's.</summary>
public sealed partial class ServiceManagerTests : IDisposable
{
    private const int Sighup = 1, Sigterm = 15;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();
    private readonly Socket _manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly Channel<string> _told = Channel.CreateUnbounded<string>();
    private readonly List<string> _output = [];
    private Process? _process;
    private Thread? _hears;
    private volatile bool _ends;

    private MilterEndPoint EndPoint => MilterEndPoint.Parse($"unix:{_folder.Path}/s");

    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
        }

        _process?.Dispose();
        _ends = true;
        _hears?.Join();
        _manager.Dispose();
        _folder.Dispose();
    }

    [SkippableFact]
    public async Task A_service_manager_is_told_when_it_listens_reloads_and_stops_and_that_it_lives()
    {
        Start("Reload", "a", watchdog: "400000");

        await UntilAsync("READY=1");
        Assert.Matches("^STATUS=JudgeFilter: Listening on unix:.*, 0 connections, 0 messages, 0 refused$", await UntilAsync("STATUS="));
        using (Mta mta = await Mta.ConnectAsync(EndPoint))
        {
            Assert.Equal("Occc", await mta.SayAsync(Mta.UpToMail, 4));
        }

        await UntilAsync("WATCHDOG=1");
        await UntilAsync("WATCHDOG=1");

        long before = Stopwatch.GetTimestamp() / 1000;
        Signal(Sighup);
        Match reloading = ReloadingLine().Match(await UntilAsync("RELOADING=1"));
        Assert.InRange(long.Parse(reloading.Groups[1].Value, CultureInfo.InvariantCulture), before, Stopwatch.GetTimestamp() / 1000);
        await UntilAsync("READY=1");

        Signal(Sigterm);
        await UntilAsync("STOPPING=1");
        Assert.Equal(0, await ExitAsync());
    }

    [SkippableFact]
    public async Task By_default_SIGHUP_stops_the_program_as_SIGTERM_does()
    {
        Start("Drain", "a");
        await UntilAsync("READY=1");

        Signal(Sighup);

        await UntilAsync("STOPPING=1");
        Assert.Equal(0, await ExitAsync());
    }

    [SkippableTheory]
    [InlineData(Sigterm)]
    [InlineData(Sighup)]
    public async Task A_second_signal_ends_at_once_what_is_still_open(int second)
    {
        Start("Drain", "a");
        await UntilAsync("READY=1");
        using Mta mta = await Mta.ConnectAsync(EndPoint);
        Assert.Equal("Occc", await mta.SayAsync(Mta.UpToMail, 4));

        Signal(Sigterm);
        await UntilAsync("STOPPING=1");
        Signal(second);

        Assert.Equal("", await mta.ReadToEndAsync());
        Assert.Equal(0, await ExitAsync());
        Assert.Contains(_output, line => line.Contains("1 sessions did not end by themselves", StringComparison.Ordinal));
    }

    // The platform watches the file, and would show nothing of it while it is broken: a filter without its rules.
    [SkippableTheory]
    [InlineData("{ \"Judge\": ", "appsettings.json")]
    [InlineData("{ \"Judge\": { \"First\": \"wrong\" } }", "Judge:First is wrong.")]
    [InlineData("{ \"Milter\": { \"IdelTimeout\": \"00:00:01\" } }", "Did you mean IdleTimeout?")]
    public async Task A_file_that_is_wrong_is_told_in_one_line_and_the_old_stays_until_it_is_mended(string broken, string complaint)
    {
        Start("Reload", "a");
        await UntilAsync("READY=1");
        Assert.Equal("a/a a/a", await JudgeAsync());

        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "appsettings.json"), broken);
        Signal(Sighup);
        await UntilAsync("RELOADING=1");
        await UntilAsync("READY=1");
        Assert.Equal("a/a a/a", await JudgeAsync());

        Write("b");
        Signal(Sighup);
        await UntilAsync("RELOADING=1");
        await UntilAsync("READY=1");
        Assert.Equal("b/b b/b", await JudgeAsync());

        Signal(Sigterm);
        Assert.Equal(0, await ExitAsync());
        string told = Assert.Single(_output, line => line.Contains("The new configuration is wrong, and the old one stays: ", StringComparison.Ordinal));
        Assert.Contains(complaint, told, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_was_not_asked_to_tell_tells_nothing()
    {
        Assert.Null(Find());
        Assert.Null(Find(("NOTIFY_SOCKET", "vsock:2:1234")));
        Assert.Null(Find(("NOTIFY_SOCKET", "/run/n"))!.NewHeartbeat());
        Assert.Null(Find(("NOTIFY_SOCKET", "/run/n"), ("WATCHDOG_USEC", "1000"), ("WATCHDOG_PID", "41"))!.NewHeartbeat());
        Assert.NotNull(Find(("NOTIFY_SOCKET", "@n"), ("WATCHDOG_USEC", "1000"), ("WATCHDOG_PID", "42"))!.NewHeartbeat());
    }

    [Fact]
    public void The_watchdog_is_fed_only_while_all_engines_get_on()
    {
        Listen();
        ServiceManager manager = Find(("NOTIFY_SOCKET", _folder.Path + "/notify"), ("WATCHDOG_USEC", "1"))!;
        using Heartbeat one = manager.NewHeartbeat()!, two = manager.NewHeartbeat()!;

        one.Beat(isStuck: false);
        two.Beat(isStuck: true);
        Assert.Equal(0, _manager.Available);
        two.Beat(isStuck: false);
        Assert.Equal("WATCHDOG=1".Length, _manager.Available);
        _ = _manager.Receive(new byte[100]);

        two.Dispose();
        one.Beat(isStuck: false);
        Assert.Equal("WATCHDOG=1".Length, _manager.Available);
    }

    private static ServiceManager? Find(params (string Name, string Value)[] environment) =>
        ServiceManager.Find(name => environment.FirstOrDefault(pair => pair.Name == name).Value, 42);

    private void Listen() => _manager.Bind(new UnixDomainSocketEndPoint(_folder.Path + "/notify"));

    private void Start(string onHangup, string mark, string? watchdog = null)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "signals are sent by their Linux numbers");
        Listen();
        _hears = new Thread(Hear);
        _hears.Start();
        Write(mark);
        var start = new ProcessStartInfo("dotnet", [typeof(Child).Assembly.Location, "host", $"--contentRoot={_folder.Path}", $"--Milter:Listen={EndPoint}", $"--Milter:OnHangup={onHangup}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["NOTIFY_SOCKET"] = _folder.Path + "/notify";
        start.Environment["WATCHDOG_USEC"] = watchdog;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) =>
        {
            lock (_output)
            {
                _output.Add(line.Data ?? "");
            }
        };
        _process.BeginOutputReadLine();
    }

    private void Write(string mark)
    {
        // Moved into its place, so that nobody reads half of it.
        string file = Path.Combine(_folder.Path, "appsettings.json");
        File.WriteAllText(file + ".new", $$"""{ "Judge": { "First": "{{mark}}", "Second": "{{mark}}" } }""");
        File.Move(file + ".new", file, overwrite: true);
    }

    // As they come: the kernel holds few, and what finds no room there is lost.
    private void Hear()
    {
        byte[] buffer = new byte[4096];
        while (!_ends)
        {
            if (_manager.Poll(TimeSpan.FromMilliseconds(50), SelectMode.SelectRead))
            {
                _told.Writer.TryWrite(Encoding.UTF8.GetString(buffer, 0, _manager.Receive(buffer)));
            }
        }
    }

    private async Task<string> NextAsync()
    {
        using var patience = new CancellationTokenSource(s_patience);
        return await _told.Reader.ReadAsync(patience.Token);
    }

    private async Task<string> UntilAsync(string begin)
    {
        while (true)
        {
            string told = await NextAsync();
            if (told.StartsWith(begin, StringComparison.Ordinal))
            {
                return told;
            }
        }
    }

    private async Task<string> JudgeAsync()
    {
        using Mta mta = await Mta.ConnectAsync(EndPoint);
        return await ReloadTests.JudgeAsync(mta, Mta.UpToMail, 4);
    }

    private void Signal(int signal) => Assert.Equal(0, Kill(_process!.Id, signal));

    private async Task<int> ExitAsync()
    {
        await _process!.WaitForExitAsync().WaitAsync(s_patience);
        return _process.ExitCode;
    }

    [GeneratedRegex("^RELOADING=1\nMONOTONIC_USEC=([0-9]+)$")]
    private static partial Regex ReloadingLine();

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
