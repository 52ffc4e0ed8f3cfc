using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Milter.Hosting;

namespace Milter;

/// <summary>Makes host builders for programs that are milters.</summary>
/// <remarks>The builder is the platform's, with the platform's sources of settings in their order and its console log in all formats; a program published with NativeAOT listens much sooner with it than with <c>Host.CreateApplicationBuilder</c>.</remarks>
public static class MilterApplication
{
    private const string WatchKey = "hostBuilder:reloadConfigOnChange";

    /// <summary>Makes a builder.</summary>
    /// <inheritdoc cref="CreateBuilder(HostApplicationBuilderSettings?)" path="/remarks"/>
    /// <inheritdoc cref="CreateBuilder(HostApplicationBuilderSettings?)" path="/returns"/>
    /// <inheritdoc cref="CreateBuilder(HostApplicationBuilderSettings?)" path="/exception"/>
    /// <example>
    /// <code>
    /// await MilterHost.RunAsync(() =>
    /// {
    ///     HostApplicationBuilder builder = MilterApplication.CreateBuilder(args);
    ///     builder.Services.AddMilter&lt;ExternalTagger&gt;();
    ///     return builder.Build();
    /// });
    /// </code>
    /// </example>
    /// <param name="args">The command line, for settings such as <c>--Milter:Listen=inet:9199@localhost</c>.</param>
    public static HostApplicationBuilder CreateBuilder(string[]? args = null) => CreateBuilder(new HostApplicationBuilderSettings { Args = args });

    /// <summary>Makes a builder.</summary>
    /// <remarks>
    /// <para>
    /// As <c>Host.CreateApplicationBuilder</c> does, it reads <c>DOTNET_</c> variables, <c>appsettings.json</c>, <c>appsettings.ENVIRONMENT.json</c>, <c>PROGRAM.settings.json</c> and its like
    /// for the environment, environment variables and the command line, each over those before it; logs to the console as the section <c>Logging</c> says; and validates services in the environment <c>Development</c>. It differs from that:
    /// </para>
    /// <list type="bullet">
    /// <item>Settings files are looked for beside the program, wherever it is started from, unless the content root is set.</item>
    /// <item>They are read at the start and at a reload (<see cref="MilterHangup.Reload"/>, <see cref="MilterReloader"/>), and not watched meanwhile, unless <c>hostBuilder:reloadConfigOnChange</c> is <c>true</c>.</item>
    /// <item>There are no user secrets, and no log but the console's (<c>AddUserSecrets</c>, <c>AddDebug</c>, <c>AddEventSourceLogger</c>, <c>AddEventLog</c> add them).</item>
    /// </list>
    /// <para>With <see cref="HostApplicationBuilderSettings.DisableDefaults"/> nothing is read but the command line, and nothing logged.</para>
    /// </remarks>
    /// <param name="settings">What the builder starts with; <see langword="null"/> for nothing.</param>
    /// <returns>The builder, to which a program adds its milters and services.</returns>
    /// <exception cref="InvalidDataException">A settings file is broken.</exception>
    /// <exception cref="FormatException">The command line means nothing, or <c>hostBuilder:reloadConfigOnChange</c> is neither <c>true</c> nor <c>false</c>.</exception>
    public static HostApplicationBuilder CreateBuilder(HostApplicationBuilderSettings? settings)
    {
        settings ??= new HostApplicationBuilderSettings();
        ConfigurationManager configuration = settings.Configuration ?? new ConfigurationManager();
        if (!settings.DisableDefaults)
        {
            configuration.AddEnvironmentVariables("DOTNET_");
        }

        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = settings.Args,
            Configuration = configuration,
            EnvironmentName = settings.EnvironmentName,
            ApplicationName = settings.ApplicationName,
            ContentRootPath = settings.ContentRootPath,
        });
        if (!settings.DisableDefaults)
        {
            ReadSettings(builder, settings.Args);
            Log(builder);
            if (builder.Environment.IsDevelopment())
            {
                builder.ConfigureContainer(new DefaultServiceProviderFactory(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true }));
            }
        }

        // Those that a host takes to be built and started.
        builder.Services
            .AddClosedOptions<HostOptions>()
            .AddClosedOptions<ConsoleLifetimeOptions>()
            .AddClosedOptions<LoggerFilterOptions>()
            .AddClosedOptions<LoggerFactoryOptions>()
            .AddClosedOptions<MetricsOptions>()
            .AddSingleton<ILogger<ApplicationLifetime>>(static provider => new Logger<ApplicationLifetime>(provider.GetRequiredService<ILoggerFactory>()));
        return builder;
    }

    private static void ReadSettings(HostApplicationBuilder builder, string[]? args)
    {
        ConfigurationManager configuration = builder.Configuration;
        IHostEnvironment environment = builder.Environment;
        bool watches = configuration[WatchKey] is { } said &&
            (bool.TryParse(said, out bool isTrue) ? isTrue : throw new FormatException($"The setting {WatchKey} is '{said}': it may be true or false, and says whether settings files are read again when they change."));
        List<string> files = ["appsettings.json", $"appsettings.{environment.EnvironmentName}.json"];
        if (environment.ApplicationName is { Length: > 0 } application)
        {
            string program = application.Replace(Path.DirectorySeparatorChar, '_').Replace(Path.AltDirectorySeparatorChar, '_');
            files.AddRange([$"{program}.settings.json", $"{program}.settings.{environment.EnvironmentName}.json"]);
        }

        foreach (string file in files)
        {
            configuration.AddJsonFile(file, optional: true, reloadOnChange: watches);
        }

        configuration.AddEnvironmentVariables();
        if (args is { Length: > 0 })
        {
            configuration.AddCommandLine(args);
        }
    }

    private static void Log(HostApplicationBuilder builder)
    {
        builder.Logging
            .AddConfiguration(builder.Configuration.GetSection("Logging"))
            .AddConsole()
            .Configure(static options => options.ActivityTrackingOptions = ActivityTrackingOptions.SpanId | ActivityTrackingOptions.TraceId | ActivityTrackingOptions.ParentId);
        builder.Metrics.AddConfiguration(builder.Configuration.GetSection("Metrics"));
        builder.Services
            .AddClosedOptions<ConsoleLoggerOptions>()
            .AddClosedOptions<ConsoleFormatterOptions>()
            .AddClosedOptions<SimpleConsoleFormatterOptions>()
            .AddClosedOptions<JsonConsoleFormatterOptions>();
    }
}
