using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Milter.Hosting;
using Milter.Runtime.Tests.Transport;
using Milter.Tests;

namespace Milter.Runtime.Tests.Hosting;

/// <summary>Protects the milter without a host.</summary>
[Collection(nameof(Environment.ExitCode))]
public class MilterServerTests
{
    private const int Sigterm = 15;

    [Fact]
    public async Task RunAsync_runs_until_it_is_told_to_stop()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        MilterEndPoint endPoint = MilterEndPoint.Parse($"unix:{folder.Path}/s");
        Task running = MilterServer.RunAsync(endPoint.ToString(), () => new ScriptedFilter(), stop.Token);
        while (!File.Exists(endPoint.Path))
        {
            Assert.False(running.IsCompleted);
            await Task.Yield();
        }

        using Mta mta = await Mta.ConnectAsync(endPoint);
        Assert.Equal("Occc", await mta.SayAsync(Mta.UpToMail, 4));
        await mta.SendAsync(Mta.Quit);
        await stop.CancelAsync();

        await running;
        Assert.False(File.Exists(endPoint.Path));
    }

    [SkippableFact]
    public async Task SIGTERM_drains_and_a_second_one_ends_the_draining()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "kill(2) is called by its Linux number");
        using var folder = new TemporaryFolder();
        MilterEndPoint endPoint = MilterEndPoint.Parse($"unix:{folder.Path}/s");
        Task running = MilterServer.RunAsync(endPoint.ToString(), () => new ScriptedFilter());
        while (!File.Exists(endPoint.Path))
        {
            Assert.False(running.IsCompleted);
            await Task.Yield();
        }

        using Mta mta = await Mta.ConnectAsync(endPoint);
        Assert.Equal("Occc", await mta.SayAsync(Mta.UpToMail, 4));
        Assert.Equal(0, Kill(Environment.ProcessId, Sigterm));
        while (File.Exists(endPoint.Path))
        {
            await Task.Yield();
        }

        Assert.False(running.IsCompleted);
        Assert.Equal(0, Kill(Environment.ProcessId, Sigterm));
        Assert.Equal("", await mta.ReadToEndAsync());
        await running;
    }

    [Fact]
    public async Task A_bad_endpoint_and_bad_options_are_told_at_once()
    {
        await Assert.ThrowsAsync<MilterEndPointException>(() => MilterServer.StartAsync<ScriptedFilter>("9199@localhost"));

        // The whole program tells it in a line and says so by its exit code.
        int before = Environment.ExitCode;
        await MilterServer.RunAsync<ScriptedFilter>("9199@localhost");
        Assert.Equal(78, Environment.ExitCode);
        Environment.ExitCode = before;
        ArgumentException e = await Assert.ThrowsAsync<ArgumentException>(() => MilterServer.StartAsync<ScriptedFilter>("inet:0@localhost", options =>
        {
            options.MaxConnections = -1;
            options.SocketMode = "99";
        }));

        Assert.StartsWith(
            "MilterOptions.SocketMode is \"99\"; allowed is three or four octal digits, such as 0660. MilterOptions.MaxConnections is \"-1\"; allowed is 0 or more.",
            e.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_built_in_log_writes_a_line_an_entry()
    {
        var output = new StringWriter();
        ILogger logger = new ConsoleLogging(output, new ManualTime()).CreateLogger("any");

        logger.Log(LogLevel.Warning, 1, "two\nlines", new InvalidOperationException("why"), (text, _) => text);
        logger.Log(LogLevel.Debug, 1, "not shown", null, (text, _) => text);

        Assert.Equal($"2026-01-01T00:00:00.000Z warn two | lines: System.InvalidOperationException: why{Environment.NewLine}", output.ToString());
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
