using Milter.Tests;

namespace Milter.Runtime.Tests.Transport;

public abstract class TimeTests(MilterTransport transport) : IDisposable
{
    private readonly TestServices _services = new() { Time = new ManualTime() };
    private readonly TaskCompletionSource _entered = new();
    private readonly TaskCompletionSource _gate = new();

    private ManualTime Time => _services.Time!;

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task A_suspended_handler_is_deposed_and_the_session_goes_on()
    {
        await using MilterServer server = await StartAsync(() => new ScriptedFilter { Eom = _ => SuspendAsync() });
        using Mta mta = await Mta.ConnectAsync(server.EndPoint);
        Assert.Equal("Occcccccc", await mta.SayAsync([.. Mta.UpToMail, .. Mta.Rcpt, .. Mta.Content[..^5]], 9));
        await mta.SendAsync([.. Mta.Content[^5..], .. Mta.Unknown]);
        await _entered.Task;

        string replies = await PassTimeAsync(mta.ReadAsync(1));
        while (replies.EndsWith('p'))
        {
            replies += await PassTimeAsync(mta.ReadAsync(1));
        }

        Assert.EndsWith("ppt", replies, StringComparison.Ordinal);
        Assert.Equal("c", await mta.ReadAsync(1));
        _gate.SetResult();
    }

    [Fact]
    public async Task A_blocking_handler_is_deposed_and_the_session_goes_on_without_its_thread()
    {
        using var block = new ManualResetEventSlim();
        var returned = new TaskCompletionSource();
        await using MilterServer server = await StartAsync(() => new ScriptedFilter
        {
            Rcpt = _ =>
            {
                _entered.TrySetResult();
                block.Wait();
                returned.TrySetResult();
                return new(Verdict.Reject());
            },
        });
        using Mta mta = await Mta.ConnectAsync(server.EndPoint);
        await mta.SendAsync([.. Mta.UpToMail, .. Mta.Rcpt, .. Mta.Unknown]);
        await _entered.Task;

        Assert.Equal("Occctc", await PassTimeAsync(mta.ReadAsync(6)));
        Assert.Contains(_services.Log, line => line.StartsWith("Warning 104", StringComparison.Ordinal));
        block.Set();
        await returned.Task;
        Assert.Equal("c", await mta.SayAsync(Mta.Unknown, 1));
        await mta.SendAsync(Mta.Quit);
        Assert.Equal("", await mta.ReadToEndAsync());
    }

    [Fact]
    public async Task Progress_goes_out_while_the_end_of_a_message_is_thought_about()
    {
        await using MilterServer server = await StartAsync(() => new ScriptedFilter { Eom = _ => SuspendAsync() });
        using Mta mta = await Mta.ConnectAsync(server.EndPoint);
        Assert.Equal("Occccccccc"[..9], await mta.SayAsync([.. Mta.UpToMail, .. Mta.Rcpt, .. Mta.Content], 9));
        await _entered.Task;

        Assert.Equal("p", await PassTimeAsync(mta.ReadAsync(1)));
        Assert.True(Time.Elapsed >= TimeSpan.FromSeconds(3));
        Assert.Equal("p", await PassTimeAsync(mta.ReadAsync(1)));
        _gate.SetResult();

        // While the last notice was on its way here the clock may have asked for more.
        string reply = await mta.ReadAsync(1);
        while (reply == "p")
        {
            reply = await mta.ReadAsync(1);
        }

        Assert.Equal("c", reply);
    }

    [Fact]
    public async Task An_MTA_that_is_silent_too_long_is_closed()
    {
        await using MilterServer server = await StartAsync(() => new ScriptedFilter());
        using Mta mta = await Mta.ConnectAsync(server.EndPoint);
        Assert.Equal("Occc", await mta.SayAsync(Mta.UpToMail, 4));
        Time.Advance(TimeSpan.FromSeconds(7100));
        Assert.Equal("c", await mta.SayAsync(Mta.Rcpt, 1));
        Time.Advance(TimeSpan.FromSeconds(7100));
        Assert.Equal("c", await mta.SayAsync(Mta.Rcpt, 1));

        Assert.Equal("", await PassTimeAsync(mta.ReadToEndAsync(), TimeSpan.FromMinutes(10)));
        await server.StopAsync();
        Assert.Contains(_services.Log, line => line.EndsWith("closed (Idle)", StringComparison.Ordinal));
    }

    // The calendar may be set back by years, or forward: no budget is spent by that, and no silence.
    [Fact]
    public async Task Budgets_and_silence_are_measured_and_not_read_from_the_calendar()
    {
        var time = new ManualTime();
        var calendar = new JumpingCalendar(time);
        using var services = new TestServices { Time = time, Calendar = calendar };
        await using MilterServer server = await MilterServer.StartAsync("inet:0@localhost", () => new ScriptedFilter { Eom = _ => SuspendAsync() }, options => options.Transport = transport, services);
        using Mta mta = await Mta.ConnectAsync(server.EndPoint);
        Assert.Equal("Occcccccc", (await mta.SayAsync([.. Mta.UpToMail, .. Mta.Rcpt, .. Mta.Content], 9))[..9]);
        await _entered.Task;

        foreach (int years in (int[])[-30, 30])
        {
            calendar.Jump = TimeSpan.FromDays(365 * years);
            time.Advance(TimeSpan.FromMilliseconds(250));
        }

        _gate.SetResult();
        Assert.Equal("c", await mta.ReadAsync(1));
        Assert.Equal("c", await mta.SayAsync(Mta.Unknown, 1));
    }

    // A step at a time, as the clock does: between two of them the connection may be at something that the watchdog does not look at.
    private async Task<T> PassTimeAsync<T>(Task<T> task, TimeSpan? step = null)
    {
        while (!task.IsCompleted)
        {
            Time.Advance(step ?? TimeSpan.FromMilliseconds(250));
            await Task.WhenAny(task, Task.Delay(1));
        }

        return await task;
    }

    private async ValueTask<Verdict> SuspendAsync()
    {
        _entered.TrySetResult();
        await _gate.Task;
        return default;
    }

    private Task<MilterServer> StartAsync(Func<ScriptedFilter> create) => MilterServer.StartAsync("inet:0@localhost", create, options => options.Transport = transport, _services);

    private sealed class JumpingCalendar(ManualTime time) : TimeProvider
    {
        public TimeSpan Jump { get; set; }

        public override long TimestampFrequency => time.TimestampFrequency;

        public override long GetTimestamp() => time.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + Jump;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => time.CreateTimer(callback, state, dueTime, period);
    }
}
