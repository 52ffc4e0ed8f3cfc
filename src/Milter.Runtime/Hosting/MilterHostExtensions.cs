using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
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
    /// <para>Where a background service has failed and the host stops because of that, the exit code becomes 1, so that a service manager does try again.</para>
    /// </remarks>
    /// <param name="host">The host, with milters by <c>AddMilter</c>. It is disposed of at the end.</param>
    /// <param name="cancellationToken">Stops the host, as SIGTERM, SIGHUP, SIGQUIT and Ctrl+C do.</param>
    /// <returns>A task that completes when the host has stopped, or could not start.</returns>
    public static async Task RunMilterAsync(this IHost host, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        try
        {
            if (await TryPrepareAsync(host, cancellationToken).ConfigureAwait(false))
            {
                using var watch = new HostWatch(host, cancellationToken);
                if (await TryStartAsync(host, cancellationToken).ConfigureAwait(false))
                {
                    await host.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
                    watch.SetExitCode();
                }
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
            Validate(host.Services.GetService<IStartupValidator>());
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

    // The host would do the same, and write a stack trace to the log when it fails.
    private static void Validate(IStartupValidator? validator)
    {
        try
        {
            validator?.Validate();
        }
        catch (Exception) when (typeof(IStartupValidator).Assembly.GetName().Version is { Major: >= 11 })
        {
            // From 11 on there are validators that are asynchronous. Asked like this they refuse what is right: only the host's start knows. A milter's own options have none.
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

    /// <summary>Sees to it that SIGHUP stops the host, and knows why it stops.</summary>
    private sealed class HostWatch : IDisposable
    {
        private readonly List<IDisposable> _registrations = [];
        private readonly BackgroundService[] _background;
        private readonly CancellationToken _stop;
        private volatile bool _isAsked;
        private volatile bool _hasFault;

        public HostWatch(IHost host, CancellationToken stop)
        {
            _stop = stop;
            _background = [.. host.Services.GetServices<IHostedService>().OfType<BackgroundService>()];
            IHostApplicationLifetime lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();

            // The host knows SIGTERM, SIGINT and SIGQUIT; SIGHUP would end the process in the middle of a message. libmilter drains at it.
            _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
            {
                _isAsked = true;
                context.Cancel = true;
                lifetime.StopApplication();
            }));
            foreach (PosixSignal signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT])
            {
                _registrations.Add(PosixSignalRegistration.Create(signal, _ => _isAsked = true));
            }

            // What has failed by now is why the host stops; a service that fails at being stopped is not.
            _registrations.Add(lifetime.ApplicationStopping.Register(() => _hasFault = _background.Any(static service => service.ExecuteTask is { IsFaulted: true })));
        }

        /// <summary>Has the process end as failed where a background service's failure was why the host has stopped.</summary>
        public void SetExitCode()
        {
            if (_hasFault && !_isAsked && !_stop.IsCancellationRequested && Environment.ExitCode == 0)
            {
                Environment.ExitCode = 1;
            }
        }

        public void Dispose() => _registrations.ForEach(static registration => registration.Dispose());
    }
}
