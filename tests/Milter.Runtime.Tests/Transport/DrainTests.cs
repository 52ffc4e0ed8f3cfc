using Milter.Tests;

namespace Milter.Runtime.Tests.Transport;

public abstract class DrainTests(MilterTransport transport) : IDisposable
{
    private readonly TestServices _services = new();
    private readonly TaskCompletionSource _entered = new();
    private readonly TaskCompletionSource _gate = new();
    private readonly TaskCompletionSource _closed = new();

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Without_connections_the_stop_is_immediate()
    {
        MilterServer server = await StartAsync();
        Assert.Equal(MilterState.Listening, server.Health.State);
        Assert.True(server.Health.IsHealthy);

        await server.StopAsync();

        Assert.Equal(MilterState.Stopped, server.Health.State);
        Assert.False(server.Health.IsHealthy);
        await server.StopAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task The_message_that_is_open_is_finished_and_the_next_one_told_421()
    {
        MilterServer server = await StartAsync();
        using Mta mta = await Mta.ConnectAsync(server.EndPoint);
        Assert.Equal("Occcc", await mta.SayAsync([.. Mta.UpToMail, .. Mta.Rcpt], 5));

        Task stopping = server.StopAsync();
        Assert.Equal(MilterState.Draining, server.Health.State);
        Assert.Equal("ccccc", await mta.SayAsync(Mta.Content, 5));
        Assert.StartsWith("y(421 4.3.2", await mta.SayAsync(Mta.Mail, 1), StringComparison.Ordinal);
        Assert.False(stopping.IsCompleted);
        await mta.SendAsync(Mta.Quit);

        await stopping;
        Assert.Equal(0, server.Health.Connections);
        await _closed.Task;
    }

    [Theory]
    [InlineData(5, 3600)]
    [InlineData(60, 7)]
    public async Task A_session_without_an_open_message_is_closed_after_a_silence_and_an_open_message_is_waited_for(int idle, int drain)
    {
        using var services = new TestServices { Time = new ManualTime() };
        MilterServer server = await MilterServer.StartAsync(
            "inet:0@localhost",
            () => new ScriptedFilter(),
            options =>
            {
                options.Transport = transport;
                options.IdleDrainTimeout = TimeSpan.FromSeconds(idle);
                options.DrainTimeout = TimeSpan.FromSeconds(drain);
            },
            services);
        using Mta silent = await Mta.ConnectAsync(server.EndPoint), open = await Mta.ConnectAsync(server.EndPoint), scan = await Mta.ConnectAsync(server.EndPoint);
        Assert.Equal("Occcccccc", (await silent.SayAsync([.. Mta.UpToMail, .. Mta.Rcpt, .. Mta.Content], 10))[..9]);
        Assert.Equal("Occcc", await open.SayAsync([.. Mta.UpToMail, .. Mta.Rcpt], 5));

        // Silence counts from the stop on, however long it was before.
        services.Time!.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromSeconds(1));
        Task stopping = server.StopAsync();
        TimeSpan began = Now();
        Task<string> end = silent.ReadToEndAsync();
        while (!end.IsCompleted)
        {
            services.Time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.WhenAny(end, Task.Delay(1));
        }

        Assert.Equal("", await end);
        Assert.True(Now() - began >= TimeSpan.FromSeconds(Math.Min(idle, drain)), $"after {Now() - began}");
        Task<string> scanned = scan.ReadToEndAsync();
        while (!scanned.IsCompleted)
        {
            services.Time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.WhenAny(scanned, Task.Delay(1));
        }

        Assert.Equal("", await scanned);
        if (idle < drain)
        {
            Assert.Equal("ccccc", await open.SayAsync(Mta.Content, 5));
            Assert.StartsWith("y(421 4.3.2", await open.SayAsync(Mta.Mail, 1), StringComparison.Ordinal);
            await open.SendAsync(Mta.Quit);
        }

        // Where one is cut, it is given a last moment, too.
        while (!stopping.IsCompleted)
        {
            services.Time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.WhenAny(stopping, Task.Delay(1));
        }

        await stopping;
        TimeSpan Now() => services.Time!.Elapsed;
    }

    [Fact]
    public async Task At_the_deadline_a_command_that_is_pending_is_still_answered()
    {
        // With a clock that stands the last moment lasts until the command is answered.
        using var services = new TestServices { Time = new ManualTime() };
        MilterServer server = await StartAsync(options => options.DrainTimeout = TimeSpan.Zero, null, services);
        using Mta idle = await Mta.ConnectAsync(server.EndPoint);
        Assert.Equal("Occc", await idle.SayAsync(Mta.UpToMail, 4));
        using Mta busy = await Mta.ConnectAsync(server.EndPoint);
        Assert.Equal("Occccccccc"[..9], await busy.SayAsync([.. Mta.UpToMail, .. Mta.Rcpt, .. Mta.Content], 9));
        await _entered.Task;

        Task stopping = server.StopAsync();
        Assert.Equal("", await idle.ReadToEndAsync());
        _gate.SetResult();

        Assert.Equal("c", await busy.ReadToEndAsync());
        await stopping;
    }

    [Fact]
    public async Task A_forced_stop_fires_tokens_and_does_not_wait_for_handlers()
    {
        var fired = new TaskCompletionSource();
        MilterServer server = await StartAsync(null, async step =>
        {
            using CancellationTokenRegistration registration = step.Cancellation.Register(fired.SetResult);
            _entered.SetResult();
            await _gate.Task;
            return default;
        });
        using Mta mta = await Mta.ConnectAsync(server.EndPoint);
        Assert.Equal("Occccccccc"[..9], await mta.SayAsync([.. Mta.UpToMail, .. Mta.Rcpt, .. Mta.Content], 9));
        await _entered.Task;

        await server.DisposeAsync();

        await fired.Task;
        Assert.Contains(_services.Log, line => line.StartsWith("Error 109", StringComparison.Ordinal));
        Assert.Equal("", await mta.ReadToEndAsync());
        _gate.SetResult();
        await _closed.Task;
    }

    [Fact]
    public async Task Over_the_cap_a_connection_is_taken_and_told_421_at_MAIL()
    {
        await using MilterServer server = await StartAsync(options => options.MaxConnections = 1);
        using Mta first = await Mta.ConnectAsync(server.EndPoint);
        Assert.Equal("Occc", await first.SayAsync(Mta.UpToMail, 4));
        using Mta second = await Mta.ConnectAsync(server.EndPoint);

        Assert.StartsWith("Occy(421 4.3.2", await second.SayAsync(Mta.UpToMail, 4), StringComparison.Ordinal);
        Assert.Contains(_services.Log, line => line.StartsWith("Warning 105", StringComparison.Ordinal));
    }

    private Task<MilterServer> StartAsync(Action<MilterOptions>? configure = null, Func<CompilerServices.StepContext, ValueTask<Verdict>>? eom = null, TestServices? services = null) =>
        MilterServer.StartAsync(
            "inet:0@localhost",
            () => new ScriptedFilter { Eom = eom ?? (_ => _gate.Task.IsCompleted || configure is null ? default : SuspendAsync()), Closed = () => _closed.TrySetResult() },
            options =>
            {
                options.Transport = transport;
                configure?.Invoke(options);
            },
            services ?? _services);

    private async ValueTask<Verdict> SuspendAsync()
    {
        _entered.TrySetResult();
        await _gate.Task;
        return default;
    }
}
