using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Milter.Telemetry;
using Milter.Tests;

namespace Milter.Runtime.Tests.Transport;

/// <summary>Protects users from handlers that block unseen: they are counted and named.</summary>
public sealed class BlockingHandlerTests : IDisposable
{
    private readonly TestServices _services = new() { Time = new ManualTime() };
    private readonly SemaphoreSlim _entered = new(0);
    private readonly SemaphoreSlim _release = new(0);
    private readonly ConcurrentQueue<string> _counted = new();
    private readonly MeterListener _listener = new();

    public BlockingHandlerTests()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name == "attrmilter.handler.blocks")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) => _counted.Enqueue(string.Join(' ', tags.ToArray().Select(static tag => tag.Value))));
        _listener.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
        _entered.Dispose();
        _release.Dispose();
    }

    // There is one loop: the second connection is only served because the loop was taken from the handler that blocks it.
    [SkippableFact]
    public Task On_loops_a_handler_that_blocks_is_counted_and_named()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "there are no loops");
        return BlockAsync(MilterTransport.Automatic, static async other => Assert.Equal("c", await other.SayAsync(Mta.Unknown, 1)));
    }

    // The watchdog sees it twice in the same run.
    [Fact]
    public Task On_sockets_a_handler_that_blocks_is_counted_and_named() => BlockAsync(MilterTransport.Sockets, _ =>
    {
        for (int i = 0; i < 3; i++)
        {
            _services.Time!.Advance(TimeSpan.FromMilliseconds(250));
        }

        return Task.CompletedTask;
    });

    private async Task BlockAsync(MilterTransport transport, Func<Mta, Task> untilSeen)
    {
        using var folder = new TemporaryFolder();
        await using MilterServer server = await MilterServer.StartAsync(
            $"unix:{folder.Path}/s",
            () => new BlockingFilter(_entered, _release),
            options =>
            {
                options.Transport = transport;
                options.LoopThreads = 1;
            },
            _services);
        using Mta mta = await Mta.ConnectAsync(server.EndPoint);
        using Mta other = await Mta.ConnectAsync(server.EndPoint);

        // MAIL has no reply here.
        Assert.Equal("Occ", await other.SayAsync(Mta.UpToMail, 3));
        Assert.Equal("Occ", await mta.SayAsync(Mta.UpToMail, 3));
        for (int i = 0; i < 5; i++)
        {
            await mta.SendAsync(Mta.Rcpt);
            await _entered.WaitAsync();
            await untilSeen(other);
            _services.Time!.Advance(TimeSpan.FromMilliseconds(5));
            _release.Release();
            Assert.Equal("c", await mta.ReadAsync(1));
        }

        Assert.Equal(Enumerable.Repeat("BlockingFilter BlockingFilter.To", 5), _counted.Where(static tags => tags.StartsWith("BlockingFilter ", StringComparison.Ordinal)));
        string line = Assert.Single(_services.Log, static line => line.StartsWith("Warning 111", StringComparison.Ordinal));
        Assert.StartsWith("Warning 111 BlockingFilter.To blocked its thread 5 times in the last ", line, StringComparison.Ordinal);
    }

    // The first has cost the thread its lead: nobody misses it from then on, and what it enters next is to be seen all the same.
    [SkippableFact]
    public async Task On_loops_a_handler_that_blocks_behind_another_is_counted_too()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "there are no loops");
        using var folder = new TemporaryFolder();
        await using MilterServer server = await MilterServer.StartAsync($"unix:{folder.Path}/s", () => new TwiceBlockingFilter(_services.Time!), options => options.LoopThreads = 1, _services);
        using Mta mta = await Mta.ConnectAsync(server.EndPoint);
        Assert.Equal("Occ", await mta.SayAsync(Mta.UpToMail[..^Mta.Mail.Length], 3));
        string[] both = ["TwiceBlockingFilter TwiceBlockingFilter.From", "TwiceBlockingFilter TwiceBlockingFilter.To"];
        for (int i = 0; both.Except(_counted).Any(); i++)
        {
            // In how many messages the clock's thread sees the first is the machine's affair; in one of them it has to see the second, too.
            Assert.True(i < 500, "500 handlers have blocked behind another, and none was seen");
            _counted.Clear();
            Assert.Equal("cc", await mta.SayAsync([.. Mta.Mail, .. Mta.Rcpt], 2));
            await mta.SendAsync(Mta.Frames(Milter.Protocol.CommandWriter.Abort));
        }
    }

    /// <summary>Lines are few and true: one a minute for a stage, with how many and how slow.</summary>
    [Fact]
    public void A_line_a_minute_says_how_often_and_how_slow()
    {
        var report = new BlockingReport(MilterDescriptor.Of<BlockingFilter>(), _services, _services.Time!);
        Assert.Equal("BlockingFilter.To", report.Add(MilterStages.Rcpt, TimeSpan.FromMilliseconds(3)));
        _services.Time!.Advance(TimeSpan.FromSeconds(61));
        for (int i = 1; i <= 4; i++)
        {
            report.Add(MilterStages.Rcpt, TimeSpan.FromMilliseconds(i));
        }

        Assert.Empty(_services.Log);
        _services.Time.Advance(TimeSpan.FromSeconds(10));
        report.Add(MilterStages.Rcpt, TimeSpan.FromMilliseconds(120));
        Assert.StartsWith("Warning 111 BlockingFilter.To blocked its thread 5 times in the last 10 s, p99 120 ms.", Assert.Single(_services.Log), StringComparison.Ordinal);

        for (int i = 1; i <= 200; i++)
        {
            report.Add(MilterStages.Rcpt, TimeSpan.FromMilliseconds(i));
        }

        Assert.Single(_services.Log);
        _services.Time.Advance(TimeSpan.FromSeconds(60));
        report.Add(MilterStages.Rcpt, TimeSpan.FromMilliseconds(1));
        Assert.StartsWith("Warning 111 BlockingFilter.To blocked its thread 201 times in the last 60 s, p99 198 ms.", _services.Log.Last(), StringComparison.Ordinal);
        Assert.EndsWith("What waits should be asynchronous, or have in memory what it waits for; what computes belongs into an awaited Task.Run, at EOM where there is most time. More: https://github.com/attrmilter/attrmilter/blob/main/docs/performance.md#handlers-that-block", _services.Log.Last(), StringComparison.Ordinal);
    }

    /// <summary>A handler that computes needs another cure than one that waits, and is called by its name.</summary>
    [Fact]
    public void What_it_did_most_is_what_is_said()
    {
        var report = new BlockingReport(MilterDescriptor.Of<BlockingFilter>(), _services, _services.Time!);
        for (int i = 0; i < 5; i++)
        {
            report.Add(MilterStages.Rcpt, TimeSpan.FromMilliseconds(3), hasComputed: i < 3);
        }

        Assert.StartsWith("Warning 111 BlockingFilter.To computed on its thread 5 times in the last 1 s, p99 3 ms.", Assert.Single(_services.Log), StringComparison.Ordinal);
        _services.Time!.Advance(TimeSpan.FromSeconds(61));
        for (int i = 0; i < 5; i++)
        {
            report.Add(MilterStages.Rcpt, TimeSpan.FromMilliseconds(3), hasComputed: i < 2);
        }

        Assert.StartsWith("Warning 111 BlockingFilter.To blocked its thread 5 times ", _services.Log.Last(), StringComparison.Ordinal);
    }

    // Compiling is computing.
    [SkippableFact]
    public async Task On_loops_a_handler_that_computes_is_told_from_one_that_waits_and_its_first_turns_do_not_count()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "there are no loops");
        using var folder = new TemporaryFolder();
        await using MilterServer server = await MilterServer.StartAsync($"unix:{folder.Path}/s", () => new ComputingFilter(_services.Time!), options => options.LoopThreads = 1, _services);
        using Mta mta = await Mta.ConnectAsync(server.EndPoint);
        Assert.Equal("Occ", await mta.SayAsync(Mta.UpToMail, 3));
        int recipients = 0;
        for (; recipients < 10; recipients++)
        {
            Assert.Equal("c", await mta.SayAsync(Mta.Rcpt, 1));
        }

        Assert.DoesNotContain(_counted, static tags => tags.StartsWith("ComputingFilter ", StringComparison.Ordinal));
        while (!_services.Log.Any(static line => line.StartsWith("Warning 111", StringComparison.Ordinal)))
        {
            // How many of them the clock's thread sees is the machine's affair.
            Assert.True(recipients++ < 2000, "2,000 turns have computed for 40 ms, and none was seen");
            Assert.Equal("c", await mta.SayAsync(Mta.Rcpt, 1));
        }

        Assert.StartsWith("Warning 111 ComputingFilter.To computed on its thread ", _services.Log.First(static line => line.StartsWith("Warning 111", StringComparison.Ordinal)), StringComparison.Ordinal);
    }
}

/// <summary>Computes for 40 ms of its own thread's time at each recipient, and has the clock of the test see some of it.</summary>
/// <remarks>The clock of the test moves in the middle: whenever the handler is noticed, it works on for longer than the clock says that it kept its thread.</remarks>
[Milter]
internal sealed partial class ComputingFilter(ManualTime time)
{
    [OnRcpt]
    private Verdict To(string recipient)
    {
        Compute();
        time.Advance(TimeSpan.FromMilliseconds(5));
        Compute();
        return Verdict.Continue;
    }

    private static void Compute()
    {
        long end = Milter.Transport.Loops.LinuxThread.Used + 20_000_000;
        while (Milter.Transport.Loops.LinuxThread.Used < end)
        {
        }
    }
}

/// <summary>Blocks at each recipient until it is released; answers unknown commands at once.</summary>
[Milter]
internal sealed partial class BlockingFilter(SemaphoreSlim entered, SemaphoreSlim release)
{
    [OnRcpt]
    private Verdict To(string recipient)
    {
        entered.Release();
#pragma warning disable MILTER120 // It is what is tested.
        release.Wait();
#pragma warning restore MILTER120
        return Verdict.Continue;
    }

    [OnUnknown]
    private Verdict Other() => Verdict.Continue;
}

/// <summary>Blocks for 20 ms at each sender and each recipient, and has the clock of the test see some of it.</summary>
[Milter]
internal sealed partial class TwiceBlockingFilter(ManualTime time)
{
    [OnMail]
    private Verdict From(string sender) => Block();

    [OnRcpt]
    private Verdict To(string recipient) => Block();

    private Verdict Block()
    {
#pragma warning disable MILTER120 // It is what is tested.
        Thread.Sleep(20);
#pragma warning restore MILTER120
        time.Advance(TimeSpan.FromMilliseconds(5));
        return Verdict.Continue;
    }
}
