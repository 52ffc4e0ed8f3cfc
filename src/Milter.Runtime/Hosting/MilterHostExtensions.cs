using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Milter;
using Milter.Hosting;

namespace Microsoft.Extensions.Hosting;

/// <summary>Runs hosts with milters.</summary>
public static class MilterHostExtensions
{
    /// <summary>Runs a host as <see cref="HostingAbstractionsHostExtensions.RunAsync"/> does; where settings are wrong, a service is missing or an endpoint can't be opened, says so in a line instead of a stack trace.</summary>
    /// <remarks>
    /// <para>
    /// Options that are validated at the start are checked and the endpoints of all milters opened before anything else is started; MTAs that connect meanwhile wait.
    /// What is wrong goes to the standard error stream, a line each, and the process's exit code becomes 78 (<c>EX_CONFIG</c>): a service manager need not try
    /// again. Any other failure is thrown as usual. To see these failures as exceptions, use <see cref="IHost.StartAsync"/>. What fails while the host is built, <c>MilterHost.RunAsync</c> tells in the same way.
    /// </para>
    /// <para>SIGTERM, SIGINT (Ctrl+C) and SIGQUIT stop the host; SIGHUP does what <see cref="Milter.MilterOptions.OnHangup"/> says, and by default the same. A second signal ends the stopping at once.</para>
    /// <para>A service manager that wants to know (<c>NOTIFY_SOCKET</c>, systemd's <c>Type=notify</c>) is told when every endpoint listens, when the configuration is read again and when the host stops, with a line of counts, and by its watchdog that the loops get on.</para>
    /// <para>Where a background service has failed and the host stops because of that, the exit code becomes 1, so that a service manager does try again.</para>
    /// </remarks>
    /// <param name="host">The host, with milters by <c>AddMilter</c>. It is disposed of at the end.</param>
    /// <param name="cancellationToken">Stops the host, as a signal does.</param>
    /// <returns>A task that completes when the host has stopped, or could not start.</returns>
    public static async Task RunMilterAsync(this IHost host, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        try
        {
            if (await TryPrepareAsync(host, cancellationToken).ConfigureAwait(false))
            {
                await ServeAsync(host, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            await DisposeAsync(host).ConfigureAwait(false);
        }
    }

    private static async Task<bool> TryPrepareAsync(IHost host, CancellationToken cancellationToken)
    {
        try
        {
            await StartupValidation.RunAsync(host.Services, cancellationToken).ConfigureAwait(false);
            foreach (MilterHostedService milter in host.Services.GetServices<IHostedService>().OfType<MilterHostedService>())
            {
                await milter.OpenAsync(cancellationToken).ConfigureAwait(false);
            }

            return true;
        }
        catch (Exception e) when (StartFailure.Describe(e) is { } reason)
        {
            StartFailure.Tell(reason);
            return false;
        }
    }

    private static async Task<bool> TryStartAsync(IHost host, CancellationToken cancellationToken)
    {
        try
        {
            await host.StartAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (StartFailure.Describe(e) is { } reason)
        {
            StartFailure.Tell(reason);
            return false;
        }
    }

    // What RunAsync of the platform does, with a second signal that ends the stopping, SIGHUP, and a service manager.
    private static async Task ServeAsync(IHost host, CancellationToken cancellationToken)
    {
        IHostApplicationLifetime lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        ServiceManager? manager = ServiceManager.Current;
        bool reloads = host.Services.GetService<MilterRegistry>() is { Names: [var first, ..] }
            && host.Services.GetRequiredService<IOptionsMonitor<MilterOptions>>().Get(first).OnHangup == MilterHangup.Reload;
        using var force = new CancellationTokenSource();
        int stops = 0;
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnStop);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnStop);
        using PosixSignalRegistration quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, OnStop);
        using PosixSignalRegistration hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, reloads ? OnReload : OnStop);

        if (!await TryStartAsync(host, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        var background = new BackgroundFaults(host, lifetime);
        MilterHealth[] milters = [.. host.Services.GetServices<MilterHealth>()];
        using (manager?.Ready(() => string.Join("; ", milters.Select(static health => health.ToStatus()))))
        {
            var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using CancellationTokenRegistration cancelled = cancellationToken.UnsafeRegister(static lifetime => ((IHostApplicationLifetime)lifetime!).StopApplication(), lifetime);
            using CancellationTokenRegistration stopped = lifetime.ApplicationStopping.UnsafeRegister(static task => ((TaskCompletionSource)task!).SetResult(), stopping);
            await stopping.Task.ConfigureAwait(false);
            manager?.Stopping();
            try
            {
                await host.StopAsync(force.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (force.IsCancellationRequested && e is OperationCanceledException or AggregateException { InnerException: OperationCanceledException })
            {
                // Asked for by a second signal.
            }
            catch (Exception e) when (background.IsTheirs(e))
            {
                // From Microsoft.Extensions 11 on the stop tells it again; the log has it, and the exit code says it.
            }
        }

        if (stops == 0 && !cancellationToken.IsCancellationRequested)
        {
            background.SetExitCode();
        }

        void OnStop(PosixSignalContext context)
        {
            context.Cancel = true;
            if (Interlocked.Increment(ref stops) > 1)
            {
                force.Cancel();
            }

            lifetime.StopApplication();
        }

        void OnReload(PosixSignalContext context)
        {
            context.Cancel = true;
            Action reload = () => host.Services.GetRequiredService<MilterReloader>().Reload();
            if (manager is null)
            {
                reload();
            }
            else
            {
                manager.WhileReloading(reload);
            }
        }
    }

    private static async ValueTask DisposeAsync(IHost host)
    {
        if (host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync().ConfigureAwait(false);
        }
        else
        {
            host.Dispose();
        }
    }

    /// <summary>Knows whether the host stops because a background service has failed.</summary>
    private sealed class BackgroundFaults
    {
        private readonly BackgroundService[] _services;
        private volatile bool _hasFault;

        public BackgroundFaults(IHost host, IHostApplicationLifetime lifetime)
        {
            _services = [.. host.Services.GetServices<IHostedService>().OfType<BackgroundService>()];

            // What has failed by now is why the host stops; a service that fails at being stopped is not.
            lifetime.ApplicationStopping.Register(() => _hasFault = _services.Any(static service => service.ExecuteTask is { IsFaulted: true }));
        }

        /// <summary>Says whether an exception is what background services have ended with.</summary>
        public bool IsTheirs(Exception exception)
        {
            Exception[] thrown = [.. _services.SelectMany(static service => service.ExecuteTask?.Exception?.InnerExceptions ?? (IReadOnlyList<Exception>)[])];
            return exception is AggregateException several ? several.Flatten().InnerExceptions.All(thrown.Contains) : thrown.Contains(exception);
        }

        /// <summary>Has the process end as failed.</summary>
        public void SetExitCode()
        {
            if (_hasFault && Environment.ExitCode == 0)
            {
                Environment.ExitCode = 1;
            }
        }
    }
}
