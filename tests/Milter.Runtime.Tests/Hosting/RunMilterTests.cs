using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Milter.Runtime.Tests.Transport;

namespace Milter.Runtime.Tests.Hosting;

/// <summary>Protects those who run a milter in a host from stack traces about what is theirs to mend. What is printed, a test of the samples looks at.</summary>
[Collection(nameof(Environment.ExitCode))]
public sealed class RunMilterTests : IDisposable
{
    private readonly int _exitCode = Environment.ExitCode;

    public void Dispose() => Environment.ExitCode = _exitCode;

    [Theory]
    [InlineData("Milter:Listen", "9199@localhost")]
    [InlineData("Milter:MaxConections", "3")]
    [InlineData("Milter:CommandBudget", "8 s")]
    public async Task Wrong_settings_end_the_program_with_78_and_nothing_is_started(string key, string value)
    {
        var other = new OtherService();
        IHost host = HostTests.Build(services => services.AddHostedService(_ => other).AddMilter<HostTests.FirstFilter>("inet:0@localhost"), (key, value));

        await host.RunMilterAsync();

        Assert.Equal(78, Environment.ExitCode);
        Assert.False(other.IsStarted);
        Assert.Throws<ObjectDisposedException>(() => host.Services.GetService<MilterHealth>());
    }

    [Fact]
    public async Task An_endpoint_that_is_taken_ends_the_program_with_78_and_those_that_were_opened_are_closed()
    {
        using var folder = new TemporaryFolder();
        await using MilterServer taken = await MilterServer.StartAsync<ScriptedFilter>("inet:0@localhost");
        IHost host = HostTests.Build(services => services.AddMilter<HostTests.FirstFilter>($"unix:{folder.Path}/s").AddMilter<HostTests.SecondFilter>(taken.EndPoint.ToString()));

        await host.RunMilterAsync();

        Assert.Equal(78, Environment.ExitCode);
        Assert.False(File.Exists(folder.Path + "/s"));
    }

    [Fact]
    public async Task Another_services_failure_is_thrown_as_ever_and_the_endpoint_is_closed()
    {
        using var folder = new TemporaryFolder();
        IHost host = HostTests.Build(services => services.AddHostedService(_ => new OtherService { Failure = new InvalidOperationException("mine") }).AddMilter<HostTests.FirstFilter>($"unix:{folder.Path}/s"));

        InvalidOperationException e = await Assert.ThrowsAsync<InvalidOperationException>(() => host.RunMilterAsync());

        Assert.Equal("mine", e.Message);
        Assert.False(File.Exists(folder.Path + "/s"));
    }

    [Fact]
    public async Task It_runs_until_it_is_stopped()
    {
        using var folder = new TemporaryFolder();
        IHost host = HostTests.Build(services => services.AddMilter<HostTests.FirstFilter>($"unix:{folder.Path}/s"));
        IHostApplicationLifetime lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        MilterHealth health = host.Services.GetRequiredService<MilterHealth>();
        var started = new TaskCompletionSource();
        lifetime.ApplicationStarted.Register(started.SetResult);

        Task running = host.RunMilterAsync();
        await started.Task;
        using (Mta mta = await Mta.ConnectAsync(health.EndPoint!))
        {
            Assert.Equal("Occc", await mta.SayAsync(Mta.UpToMail, 4));
        }

        lifetime.StopApplication();
        await running;

        Assert.Equal(_exitCode, Environment.ExitCode);
        Assert.Equal(MilterState.Stopped, health.State);
        Assert.False(File.Exists(folder.Path + "/s"));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public async Task A_background_service_that_fails_ends_the_program_with_1_unless_it_was_to_end_anyhow(bool isAsked, int expected)
    {
        using var stop = new CancellationTokenSource();
        Environment.ExitCode = 0;
        var failing = new FailingService();
        IHost host = HostTests.Build(services => services.AddHostedService(_ => failing).AddMilter<HostTests.FirstFilter>("inet:0@localhost"));
        var started = new TaskCompletionSource();
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(started.SetResult);
        Task running = host.RunMilterAsync(stop.Token);
        await started.Task;

        if (isAsked)
        {
            await stop.CancelAsync();
        }

        failing.Fails.SetResult();
        await running;

        Assert.Equal(expected, Environment.ExitCode);
    }

    [Fact]
    public async Task A_service_that_is_missing_ends_the_program_with_78()
    {
        IHost host = HostTests.Build(services => services.AddMilter<NeedyFilter>("inet:0@localhost"));

        await host.RunMilterAsync();

        Assert.Equal(78, Environment.ExitCode);
    }

    [Theory]
    [InlineData(typeof(InvalidDataException))]
    [InlineData(typeof(FormatException))]
    [InlineData(typeof(UnauthorizedAccessException))]
    [InlineData(typeof(FileNotFoundException))]
    public async Task A_host_that_settings_keep_from_being_built_ends_the_program_with_78(Type failure)
    {
        await MilterHost.RunAsync(() => throw (Exception)Activator.CreateInstance(failure)!);

        Assert.Equal(78, Environment.ExitCode);
    }

    [Fact]
    public async Task A_mistake_of_the_program_is_thrown_as_ever() =>
        await Assert.ThrowsAsync<NotSupportedException>(() => MilterHost.RunAsync(static () => throw new NotSupportedException()));

    private sealed class FailingService : BackgroundService
    {
        public TaskCompletionSource Fails { get; } = new();

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Fails.Task;
            throw new InvalidOperationException("mine");
        }
    }

    private sealed class OtherService : IHostedService
    {
        public Exception? Failure { get; init; }

        public bool IsStarted { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken)
        {
            IsStarted = true;
            return Failure is null ? Task.CompletedTask : Task.FromException(Failure);
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
