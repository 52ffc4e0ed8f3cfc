using Microsoft.Extensions.Hosting;
using Milter.Hosting;

namespace Milter;

/// <summary>Builds and runs a host with milters, for programs whose settings are a postmaster's.</summary>
public static class MilterHost
{
    /// <summary>Builds a host and runs it as <c>RunMilterAsync</c> does; what keeps it from being built is told in a line as well.</summary>
    /// <remarks>
    /// A settings file that is broken, missing or can't be read, a command line or log level that means nothing, and services that can't be made fail while the host is built, before
    /// <c>RunMilterAsync</c> has it. Here they are told on the standard error stream, a line each, and the process's exit code becomes 78 (<c>EX_CONFIG</c>): a service manager need not try again.
    /// What is told are <see cref="InvalidDataException"/>, <see cref="FormatException"/>, <see cref="InvalidOperationException"/>, <see cref="IOException"/> and <see cref="UnauthorizedAccessException"/>, by which the
    /// platform says so. Any other failure is thrown as usual.
    /// </remarks>
    /// <example>
    /// <code>
    /// await MilterHost.RunAsync(() =>
    /// {
    ///     HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
    ///     builder.Services.AddMilter&lt;ExternalTagger&gt;();
    ///     return builder.Build();
    /// });
    /// </code>
    /// </example>
    /// <param name="build">Makes the host. It is disposed of at the end.</param>
    /// <param name="cancellationToken">Stops the host, as SIGTERM, SIGHUP, SIGQUIT and Ctrl+C do.</param>
    /// <returns>A task that completes when the host has stopped, or could not start.</returns>
    public static async Task RunAsync(Func<IHost> build, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(build);
        IHost host;
        try
        {
            host = build();
        }
        catch (Exception e) when (StartFailure.DescribeBuild(e) is { } reason)
        {
            StartFailure.Tell(reason);
            return;
        }

        await host.RunMilterAsync(cancellationToken).ConfigureAwait(false);
    }
}
