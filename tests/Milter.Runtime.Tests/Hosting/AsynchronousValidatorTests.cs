#if EXTENSIONS_11
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

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

    private sealed class Remote;
}
#endif
