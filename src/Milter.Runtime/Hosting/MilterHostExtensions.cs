using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Milter.Hosting;

namespace Microsoft.Extensions.Hosting;

/// <summary>Runs hosts with milters.</summary>
public static class MilterHostExtensions
{
    /// <summary>Runs a host as <see cref="HostingAbstractionsHostExtensions.RunAsync"/> does; where settings are wrong or an endpoint can't be opened, says so in a line instead of a stack trace.</summary>
    /// <remarks>
    /// Options that are validated at the start are checked and the endpoints of all milters opened before anything else is started; MTAs that connect meanwhile wait.
    /// What is wrong goes to the standard error stream, a line each, and the process's exit code becomes 78 (<c>EX_CONFIG</c>): a service manager need not try
    /// again. Any other failure is thrown as usual. To see these failures as exceptions, use <see cref="IHost.StartAsync"/>.
    /// </remarks>
    /// <param name="host">The host, with milters by <c>AddMilter</c>. It is disposed of at the end.</param>
    /// <param name="cancellationToken">Stops the host, as SIGTERM, SIGHUP, SIGQUIT and Ctrl+C do.</param>
    /// <returns>A task that completes when the host has stopped, or could not start.</returns>
    public static async Task RunMilterAsync(this IHost host, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        bool isReady = false;
        try
        {
            // The host would do the same, and write a stack trace to the log when it fails.
            host.Services.GetService<IStartupValidator>()?.Validate();
            foreach (MilterHostedService milter in host.Services.GetServices<IHostedService>().OfType<MilterHostedService>())
            {
                await milter.OpenAsync(cancellationToken).ConfigureAwait(false);
            }

            isReady = true;
        }
        catch (Exception e) when (StartFailure.Describe(e) is { } reason)
        {
            StartFailure.Tell(reason);
        }
        finally
        {
            if (!isReady)
            {
                await DisposeAsync(host).ConfigureAwait(false);
            }
        }

        if (isReady)
        {
            // The host knows SIGTERM, SIGINT and SIGQUIT; SIGHUP would end the process in the middle of a message. libmilter drains at it.
            IHostApplicationLifetime lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
            using PosixSignalRegistration hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
            {
                context.Cancel = true;
                lifetime.StopApplication();
            });
            await host.RunAsync(cancellationToken).ConfigureAwait(false);
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
}
