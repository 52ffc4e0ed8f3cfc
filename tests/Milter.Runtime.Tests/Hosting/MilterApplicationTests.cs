using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Milter.Runtime.Tests.Hosting;

/// <summary>Protects that the builder is the platform's, but for what it says it leaves out.</summary>
public sealed class MilterApplicationTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("milter-application-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public void Settings_come_from_where_the_platform_has_them_in_its_order(string environment)
    {
        HostApplicationBuilderSettings Settings() => new() { Args = ["--One=1", "--Two=2"], ContentRootPath = _folder.FullName, EnvironmentName = environment, ApplicationName = "a/filter" };

        Assert.Equal(Describe(Host.CreateApplicationBuilder(Settings())), Describe(MilterApplication.CreateBuilder(Settings())));
    }

    [Fact]
    public void Each_source_goes_before_the_one_before_it()
    {
        Write("appsettings.json", """{ "A": "file", "B": "file", "C": "file" }""");
        Write("appsettings.Test.json", """{ "B": "environment's file", "C": "environment's file" }""");

        ConfigurationManager configuration = Create(["--C=command line"]).Configuration;

        Assert.Equal(("file", "environment's file", "command line"), (configuration["A"], configuration["B"], configuration["C"]));
    }

    [Fact]
    public void Settings_files_are_looked_for_beside_the_program()
    {
        Assert.Equal(AppContext.BaseDirectory, MilterApplication.CreateBuilder().Environment.ContentRootPath);
        Assert.Equal(_folder.FullName, MilterApplication.CreateBuilder([$"--contentRoot={_folder.FullName}"]).Environment.ContentRootPath);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("false", false)]
    [InlineData("true", true)]
    public void Files_are_watched_where_that_is_asked_for(string? said, bool watches)
    {
        HostApplicationBuilder builder = Create(said is null ? [] : [$"--hostBuilder:reloadConfigOnChange={said}"]);

        Assert.Equal([watches], Providers(builder).OfType<JsonConfigurationProvider>().Select(static file => file.Source.ReloadOnChange).Distinct());
    }

    [Fact]
    public void Who_says_it_wrong_is_told() =>
        Assert.StartsWith(
            "The setting hostBuilder:reloadConfigOnChange is 'yes': it may be true or false, ",
            Assert.Throws<FormatException>(() => Create(["--hostBuilder:reloadConfigOnChange=yes"])).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_reload_reads_the_files_again()
    {
        Write("appsettings.json", """{ "Limits": { "Most": 1 } }""");
        HostApplicationBuilder builder = Create([]);
        builder.Services.AddOptions<Limits>().BindConfiguration("Limits");
        using IHost host = builder.Build();
        IOptionsMonitor<Limits> limits = host.Services.GetRequiredService<IOptionsMonitor<Limits>>();
        Assert.Equal(1, limits.CurrentValue.Most);

        Write("appsettings.json", """{ "Limits": { "Most": 2 } }""");
        ((IConfigurationRoot)host.Services.GetRequiredService<IConfiguration>()).Reload();

        Assert.Equal(2, limits.CurrentValue.Most);
    }

    [Fact]
    public void Options_that_are_made_ahead_are_the_same()
    {
        Write("appsettings.json", """{ "Limits": { "Most": 1 } }""");
        HostApplicationBuilder builder = Create([]);
        builder.Services.AddOptions<Limits>().BindConfiguration("Limits").PostConfigure(static limits => limits.Most += 10).Validate(static limits => limits.Most < 100, "too many").ValidateOnStart().MakeAhead();
        builder.Services.AddOptions<Limits>("named").Configure(static limits => limits.Most = 7);
        using IHost host = builder.Build();
        IOptionsMonitor<Limits> monitor = host.Services.GetRequiredService<IOptionsMonitor<Limits>>();
        using IServiceScope scope = host.Services.CreateScope();

        Assert.Equal((11, 11, 11, 7), (
            host.Services.GetRequiredService<IOptions<Limits>>().Value.Most,
            monitor.CurrentValue.Most,
            scope.ServiceProvider.GetRequiredService<IOptionsSnapshot<Limits>>().Value.Most,
            monitor.Get("named").Most));
        Write("appsettings.json", """{ "Limits": { "Most": 90 } }""");
        Exception thrown = Assert.ThrowsAny<Exception>(((IConfigurationRoot)host.Services.GetRequiredService<IConfiguration>()).Reload);
        Assert.Contains("too many", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_file_fails_with_its_name()
    {
        Write("appsettings.json", "{ \"Milter\": ");

        Assert.Contains(Path.Combine(_folder.FullName, "appsettings.json"), Assert.Throws<InvalidDataException>(() => Create([])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_console_logs_as_the_settings_say()
    {
        using IHost host = Create(
            "--Logging:LogLevel:Default=Warning", "--Logging:LogLevel:Milter=Debug", "--Logging:Console:FormatterName=json", "--Logging:Console:FormatterOptions:UseUtcTimestamp=true").Build();

        Assert.Equal("json", host.Services.GetRequiredService<IOptionsMonitor<ConsoleLoggerOptions>>().CurrentValue.FormatterName);
        Assert.True(host.Services.GetRequiredService<IOptionsMonitor<JsonConsoleFormatterOptions>>().CurrentValue.UseUtcTimestamp);
        Assert.Equal(["json", "simple", "systemd"], host.Services.GetServices<ConsoleFormatter>().Select(static format => format.Name).Order(StringComparer.Ordinal));
        Assert.IsType<ConsoleLoggerProvider>(Assert.Single(host.Services.GetServices<ILoggerProvider>()));
        ILoggerFactory loggers = host.Services.GetRequiredService<ILoggerFactory>();
        Assert.True(loggers.CreateLogger("Milter.Some").IsEnabled(LogLevel.Debug));
        Assert.False(loggers.CreateLogger("Other").IsEnabled(LogLevel.Information));
    }

    [Fact]
    public void What_the_program_says_of_the_hosts_own_options_counts()
    {
        HostApplicationBuilder builder = Create(["--shutdownTimeoutSeconds=7"]);
        builder.Services.Configure<HostOptions>(static options => options.ServicesStartConcurrently = true);
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        using IHost host = builder.Build();

        HostOptions options = host.Services.GetRequiredService<IOptions<HostOptions>>().Value;
        Assert.Equal((TimeSpan.FromSeconds(7), true), (options.ShutdownTimeout, options.ServicesStartConcurrently));
        Assert.False(host.Services.GetRequiredService<ILogger<MilterApplicationTests>>().IsEnabled(LogLevel.Warning));
    }

    [Theory]
    [InlineData("Development", true)]
    [InlineData("Production", false)]
    public void Scopes_are_validated_while_developing(string environment, bool validates)
    {
        HostApplicationBuilder builder = MilterApplication.CreateBuilder(new HostApplicationBuilderSettings { EnvironmentName = environment, ContentRootPath = _folder.FullName });
        builder.Services.AddScoped<Limits>();
        using IHost host = builder.Build();

        Exception? thrown = Record.Exception(() => host.Services.GetService<Limits>());
        Assert.Equal(validates, thrown is InvalidOperationException);
    }

    [Fact]
    public void Without_defaults_only_the_command_line_is_read()
    {
        Write("appsettings.json", """{ "A": "file" }""");

        HostApplicationBuilder builder = MilterApplication.CreateBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, Args = ["--B=2"], ContentRootPath = _folder.FullName });

        Assert.Equal((null, "2"), (builder.Configuration["A"], builder.Configuration["B"]));
        using IHost host = builder.Build();
        Assert.Empty(host.Services.GetServices<ILoggerProvider>());
    }

    [Fact]
    public async Task A_milter_runs_in_it()
    {
        HostApplicationBuilder builder = Create(["--Milter:Listen=inet:0@127.0.0.1", "--Milter:MaxConnections=3"]);
        builder.Services.AddMilter<JudgeFilter>();
        using IHost host = builder.Build();
        await host.StartAsync();

        Assert.NotEqual(0, host.Services.GetRequiredService<MilterHealth>().EndPoint!.Port);
        Assert.Equal(3, host.Services.GetRequiredService<IOptionsMonitor<MilterOptions>>().Get(nameof(JudgeFilter)).MaxConnections);
        await host.StopAsync();
    }

    private static string[] Describe(HostApplicationBuilder builder) =>
    [
        .. Providers(builder).Select(static provider => provider switch
        {
            JsonConfigurationProvider file => $"{file.Source.Path}, optional: {file.Source.Optional}",
            EnvironmentVariablesConfigurationProvider variables => variables.ToString(),
            CommandLineConfigurationProvider words => $"command line of {words.GetChildKeys([], null).Count()}",
            _ => provider.GetType().Name,
        }).Distinct(),
    ];

    private static IEnumerable<IConfigurationProvider> Providers(HostApplicationBuilder builder) => ((IConfigurationRoot)builder.Configuration).Providers;

    private HostApplicationBuilder Create(params string[] args) =>
        MilterApplication.CreateBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = _folder.FullName, EnvironmentName = "Test" });

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_folder.FullName, file), text);

    private sealed class Limits
    {
        public int Most { get; set; }
    }
}
