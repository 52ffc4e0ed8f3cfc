#if EXTENSIONS_11
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Milter.Runtime.Tests.Transport;

namespace Milter.Runtime.Tests.Hosting;

/// <summary>Protects hosts whose options have validators that wait for something, as they can from Microsoft.Extensions 11 on (eng/extensions.sh).</summary>
[Collection(nameof(Environment.ExitCode))]
public sealed class AsynchronousValidatorTests : IDisposable
{
    private readonly int _exitCode = Environment.ExitCode;

    public void Dispose() => Environment.ExitCode = _exitCode;

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 78)]
    public async Task What_they_find_right_starts_and_what_they_refuse_ends_the_program_with_78(bool isRight, int expected)
    {
        Environment.ExitCode = 0;
        using var stop = new CancellationTokenSource();
        IHost host = HostTests.Build(services =>
        {
            services.AddOptions<Remote>().Validate(
                async (Remote _, CancellationToken cancellation) =>
                {
                    await Task.Delay(1, cancellation);
                    return isRight;
                },
                "The remote side says no.").ValidateOnStart();
            services.AddMilter<HostTests.FirstFilter>("inet:0@localhost");
        });
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(stop.Cancel);

        await host.RunMilterAsync(stop.Token);

        Assert.Equal(expected, Environment.ExitCode);
    }

    [Fact]
    public async Task What_they_refuse_is_told_in_a_line_and_nowhere_else()
    {
        using var log = new TestServices();
        TextWriter error = Console.Error;
        using var told = new StringWriter();
        Console.SetError(told);
        try
        {
            IHost host = HostTests.Build(services =>
            {
                services.AddSingleton<ILoggerFactory>(log);
                Refused(services);
                services.AddMilter<HostTests.FirstFilter>("inet:0@localhost");
            });
            await host.RunMilterAsync();
        }
        finally
        {
            Console.SetError(error);
        }

        Assert.Equal($"The remote side says no.{Environment.NewLine}", told.ToString());
        Assert.DoesNotContain(log.Log, line => line.StartsWith("Error", StringComparison.Ordinal) || line.StartsWith("Critical", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_filter_has_such_options_and_a_reload_that_can_not_validate_them_is_refused()
    {
        using IHost host = HostTests.Build(services =>
        {
            services.AddMilter<JudgeFilter>("inet:0@localhost");
            services.AddOptions<JudgeOptions>().BindConfiguration("Judge").Validate(
                static async (JudgeOptions options, CancellationToken cancellation) =>
                {
                    await Task.Delay(1, cancellation);
                    return options.First == "a";
                },
                "Not a.").ValidateOnStart();
        }, ("Judge:First", "a"), ("Judge:Second", "a"));
        await host.StartAsync();
        MilterEndPoint listening = host.Services.GetRequiredService<MilterHealth>().EndPoint!;
        using Mta first = await Mta.ConnectAsync(listening);
        Assert.Equal("a/a a/a", await ReloadTests.JudgeAsync(first, Mta.UpToMail, 4));

        Assert.Contains("asynchronous validator", host.Services.GetRequiredService<MilterReloader>().Reload()[0], StringComparison.Ordinal);

        using Mta next = await Mta.ConnectAsync(listening);
        Assert.Equal("a/a a/a", await ReloadTests.JudgeAsync(next, Mta.UpToMail, 4));
        await host.StopAsync(new CancellationToken(canceled: true));
    }

    private static void Refused(IServiceCollection services) => services.AddOptions<Remote>().Validate(
        static async (Remote _, CancellationToken cancellation) =>
        {
            await Task.Delay(1, cancellation);
            return false;
        },
        "The remote side says no.").ValidateOnStart();

    private sealed class Remote;
}
#endif
