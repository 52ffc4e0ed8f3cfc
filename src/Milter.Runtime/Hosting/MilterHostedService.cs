using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Milter.CompilerServices;
using Milter.Transport;

namespace Milter.Hosting;

/// <summary>One milter in a host: listens when the host starts, drains when it stops.</summary>
internal sealed class MilterHostedService(
    MilterDescriptor descriptor,
    Func<IServiceProvider, IMilterDispatcher> create,
    IServiceProvider services,
    IOptionsMonitor<MilterOptions> options,
    TimeProvider time,
    ILoggerFactory loggers,
    MilterHealth health) : IHostedLifecycleService, IAsyncDisposable, IDisposable
{
    private MilterEngine? _engine;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        EngineSettings settings = EngineFactory.Make(descriptor, options.Get(descriptor.Name), create, services, time, loggers.CreateLogger($"Milter.{descriptor.Name}"), health);
        _engine = await MilterEngine.StartAsync(settings, cancellationToken).ConfigureAwait(false);
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        // The host stops its services one after the other; all milters begin to drain now, so that their time runs side by side.
        _ = _engine?.StopAsync(cancellationToken);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _engine?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Where another service's start has failed, nobody calls StopAsync.
    public ValueTask DisposeAsync() => _engine?.DisposeAsync() ?? default;

    public void Dispose() => _ = DisposeAsync().AsTask();
}
