using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Milter.Hosting;
using Milter.Telemetry;

namespace Milter;

/// <summary>Reads a host's configuration again while its milters run: what SIGHUP does with <see cref="MilterHangup.Reload"/>. <c>AddMilter</c> registers one.</summary>
/// <remarks>
/// <para>Endpoints stay open. Connections from then on have the new options, running ones finish with the old: <see cref="MilterOptions"/>, and a filter's own where its constructor takes <see cref="IOptionsSnapshot{TOptions}"/>,
/// which in a session is that of the session's start. Singletons stay as they are, and so do the options that take a restart; one warning names those that changed.</para>
/// <para>What is wrong is told in one line of the log, and all of the old stays.</para>
/// </remarks>
public sealed class MilterReloader
{
    private readonly object _gate = new();
    private readonly IServiceProvider _services;
    private readonly IConfiguration? _configuration;
    private readonly ILogger _log;
    private volatile OptionSet _options = new();

    internal MilterReloader(IServiceProvider services)
    {
        _services = services;
        _configuration = services.GetService<IConfiguration>();
        _log = QuietLogger.Of(services.GetService<ILoggerFactory>()?.CreateLogger("Milter") ?? Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
    }

    /// <summary>Gets the services of the sessions that begin now.</summary>
    internal IServiceProvider Sessions => new SessionServices(_services, _options);

    /// <summary>Reads the configuration again, and gives it to the connections that come. Any thread may call it.</summary>
    /// <returns>What is wrong with the new configuration, a complaint each, and the old one stays; empty when it was taken.</returns>
    public IReadOnlyList<string> Reload()
    {
        lock (_gate)
        {
            MilterHostedService[] milters = [.. _services.GetServices<IHostedService>().OfType<MilterHostedService>()];
            MilterOptions[] options;
            OptionSet renewed;
            try
            {
                (_configuration as IConfigurationRoot)?.Reload();

                // Those with an asynchronous validator (Microsoft.Extensions 11) are not made again: what changes them has been refused a line above, by the platform.
                _services.GetService<IStartupValidator>()?.Validate();
                options = Make(milters);
                using IServiceScope scope = _services.CreateScope();
                renewed = _options.Renew(scope.ServiceProvider);
            }
#pragma warning disable CA1031 // Whatever it is: the filter goes on as it was.
            catch (Exception e)
#pragma warning restore CA1031
            {
                string[] complaints = StartFailure.Describe(e)?.Split('\n') ?? [Whole(e)];
                TransportLog.NotReloaded(_log, string.Join(" | ", complaints.Select(static line => line.ReplaceLineEndings(" "))));
                return complaints;
            }

            _options = renewed;
            for (int i = 0; i < milters.Length; i++)
            {
                milters[i].Reload(options[i]);
            }

            return [];
        }
    }

    private MilterOptions[] Make(MilterHostedService[] milters)
    {
        IOptionsFactory<MilterOptions> factory = _services.GetRequiredService<IOptionsFactory<MilterOptions>>();
        List<Exception> wrong = [];
        List<MilterOptions> made = [];
        foreach (MilterHostedService milter in milters)
        {
            try
            {
                MilterOptions options = factory.Create(milter.Name);
                options.GetSecurity()?.Load();
                made.Add(options);
            }
            catch (Exception e) when (e is OptionsValidationException or MilterListenException)
            {
                wrong.Add(e);
            }
        }

        return wrong.Count == 0 ? [.. made] : throw new AggregateException(wrong);
    }

    // A file that can't be read says where in an exception of its own.
    private static string Whole(Exception e) => e.GetBaseException() is var cause && !ReferenceEquals(cause, e) && e is not AggregateException ? $"{e.Message} {cause.Message}" : e.GetBaseException().Message;
}
