using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Milter.CompilerServices;
using Milter.Listening;
using Milter.Transport;

namespace Milter.Hosting;

/// <summary>One milter in a host: listens when the host starts, drains when it stops.</summary>
internal sealed class MilterHostedService(
    MilterDescriptor descriptor,
    Func<IServiceProvider, IMilterDispatcher> create,
    IReadOnlyList<MilterService> needed,
    IOptionsMonitor<MilterOptions> options,
    TimeProvider time,
    ILoggerFactory loggers,
    MilterHealth health,
    MilterRegistry registry,
    MilterReloader reloader) : IHostedLifecycleService, IAsyncDisposable, IDisposable
{
    private EngineSettings? _settings;
    private MilterListener? _listener;
    private MilterEngine? _engine;

    public string Name => descriptor.Name;

    /// <summary>Gives connections from now on other options.</summary>
    public void Reload(MilterOptions next)
    {
        if (_engine is not null)
        {
            EngineFactory.Reload(_engine, _settings!, next, reloader.Sessions);
        }
    }

    /// <summary>Looks whether the filter has what it needs and opens the endpoint, if that was not done before. MTAs that connect wait until the host starts.</summary>
    /// <exception cref="MilterServiceException">A service is missing.</exception>
    /// <exception cref="MilterListenException">The endpoint can't be opened.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        if (_settings is null)
        {
            MilterOptions own = options.Get(descriptor.Name);
            ServiceCheck.Check(descriptor.Name, needed, reloader.Sessions);
            _settings = EngineFactory.Make(
                descriptor, own, create, reloader.Sessions, time, loggers.CreateLogger($"Milter.{descriptor.Name}"), health, registry.LimitsOf(own), ServiceManager.Current?.NewHeartbeat());
        }

        _listener ??= await MilterListener.OpenAsync(_settings.Listen, cancellationToken).ConfigureAwait(false);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        _engine = MilterEngine.Start(_settings!, _listener!);
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
    public ValueTask DisposeAsync()
    {
        if (_engine is not null)
        {
            return _engine.DisposeAsync();
        }

        _listener?.Dispose();
        return default;
    }

    public void Dispose() => _ = DisposeAsync().AsTask();
}
