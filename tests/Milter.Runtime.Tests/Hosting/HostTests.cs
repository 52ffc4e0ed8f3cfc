using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Milter.CompilerServices;
using Milter.Runtime.Tests.Transport;

namespace Milter.Runtime.Tests.Hosting;

/// <summary>Protects milters in a host: their life with it, and their options.</summary>
public class HostTests
{
    [Fact]
    public async Task A_host_listens_from_its_start_to_its_stop()
    {
        using IHost host = Build(services => services.AddMilter<FirstFilter>("inet:0@localhost"));
        MilterHealth health = host.Services.GetRequiredService<MilterHealth>();
        Assert.Equal("FirstFilter: Starting, 0 connections", health.ToString());

        await host.StartAsync();
        Assert.True(health.IsHealthy);
        using Mta mta = await Mta.ConnectAsync(health.EndPoint!);
        Assert.Equal("Occc", await mta.SayAsync(Mta.UpToMail, 4));

        Task stopping = host.StopAsync();
        Assert.StartsWith("y(421 4.3.2", await mta.SayAsync(Mta.Mail, 1), StringComparison.Ordinal);
        await mta.SendAsync(Mta.Quit);
        await stopping;
        Assert.Equal(MilterState.Stopped, health.State);
    }

    // Filters take a clock in their constructors, as the documentation shows.
    [Fact]
    public void A_host_has_a_clock_for_filters_its_own_or_the_systems()
    {
        using IHost plain = Build(services => services.AddMilter<FirstFilter>("inet:0@localhost"));
        Assert.Same(TimeProvider.System, plain.Services.GetRequiredService<TimeProvider>());

        var own = new OwnClock();
        using IHost before = Build(services => services.AddSingleton<TimeProvider>(own).AddMilter<FirstFilter>("inet:0@localhost"));
        using IHost after = Build(services => services.AddMilter<FirstFilter>("inet:0@localhost").AddSingleton<TimeProvider>(own));
        Assert.Same(own, before.Services.GetRequiredService<TimeProvider>());
        Assert.Same(own, after.Services.GetRequiredService<TimeProvider>());
    }

    private sealed class OwnClock : TimeProvider;

    [Fact]
    public async Task Whoever_stops_the_application_stops_the_milter()
    {
        // What the console's lifetime does at SIGTERM.
        using IHost host = Build(services => services.AddMilter<FirstFilter>("inet:0@localhost"));
        await host.StartAsync();
        Task running = host.WaitForShutdownAsync();

        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        await running;
        Assert.Equal(MilterState.Stopped, host.Services.GetRequiredService<MilterHealth>().State);
    }

    [Fact]
    public async Task One_milter_is_configured_in_the_section_Milter()
    {
        using IHost host = Build(
            services => services.AddMilter<FirstFilter>("inet:1@localhost"),
            ("Milter:Listen", "inet:0@localhost"),
            ("Milter:CommandBudget", "00:00:05"),
            ("Milter:OnExpiry", "accept"),
            ("Milter:AllowLargeData", "true"),
            ("Milter:MaxBodySize", "1000"),
            ("Milter:Milters:FirstFilter:MaxConnections", "7"));
        await host.StartAsync();

        MilterOptions options = Options(host, "FirstFilter");
        Assert.Equal("inet:0@localhost", options.Listen);
        Assert.Equal(TimeSpan.FromSeconds(5), options.CommandBudget);
        Assert.Equal(FailureVerdict.Accept, options.OnExpiry);
        Assert.True(options.AllowLargeData);
        Assert.Equal(1000, options.MaxBodySize);
        Assert.Equal(7, options.MaxConnections);
        await host.StopAsync();
    }

    [Fact]
    public async Task Several_milters_share_the_section_and_have_their_own_on_top()
    {
        using IHost host = Build(
            services => services.AddMilter<FirstFilter>().AddMilter<SecondFilter>(options =>
            {
                options.Listen = "inet:0@localhost";
                options.MaxConnections = 1;
                options.LogMessages = true;
            }),
            ("Milter:MaxConnections", "2"),
            ("Milter:Milters:FirstFilter:Listen", "inet:0@127.0.0.1"),
            ("Milter:Milters:FirstFilter:MaxConnections", "3"));
        await host.StartAsync();

        Assert.Equal(3, Options(host, "FirstFilter").MaxConnections);
        Assert.Equal(2, Options(host, "SecondFilter").MaxConnections);
        Assert.True(Options(host, "SecondFilter").LogMessages);
        Assert.False(Options(host, "FirstFilter").LogMessages);
        MilterHealth[] all = [.. host.Services.GetServices<MilterHealth>()];
        Assert.Equal(["FirstFilter", "SecondFilter"], all.Select(health => health.Name));
        Assert.All(all, health => Assert.True(health.IsHealthy));
        Assert.NotEqual(all[0].EndPoint!.Port, all[1].EndPoint!.Port);
        await host.StopAsync();
    }

    [Fact]
    public async Task An_endpoint_for_all_of_several_milters_is_for_none()
    {
        using IHost host = Build(
            services => services.AddMilter<FirstFilter>().AddMilter<SecondFilter>("inet:0@localhost"),
            ("Milter:Listen", "inet:0@localhost"));

        OptionsValidationException e = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Equal(2, e.Failures.Count());
        Assert.StartsWith("Milter:Milters:FirstFilter:Listen is missing: where should the milter listen? Allowed are inet:port@host", e.Failures.First(), StringComparison.Ordinal);
        Assert.Equal("Milter:Listen is for a host with one milter, and this one has 2: give each its own.", e.Failures.Last());
    }

    [Theory]
    [InlineData("Milter:Listen", "9199@localhost", "Milter:Listen: \"9199@localhost\" is no endpoint: it has no scheme; write inet:9199@localhost. Allowed are ")]
    [InlineData("Milter:Milters:FirstFilter:Listen", "inet:127:9900", "Milter:Milters:FirstFilter:Listen: \"inet:127:9900\" is no endpoint: ")]
    [InlineData("Milter:SocketMode", "rw-rw----", "Milter:SocketMode is \"rw-rw----\"; allowed is three or four octal digits, such as 0660.")]
    [InlineData("Milter:IdleTimeout", "00:00:00", "Milter:IdleTimeout is \"00:00:00\"; allowed is from 00:00:01 to 7.00:00:00.")]
    [InlineData("Milter:EndOfMessageBudget", "00:10:00", "Milter:EndOfMessageBudget is \"00:10:00\"; allowed is from 00:00:00.0100000 to 00:04:00.")]
    [InlineData("Milter:Milters:FirstFilter:MaxConnections", "-1", "Milter:Milters:FirstFilter:MaxConnections is \"-1\"; allowed is 0 or more.")]
    [InlineData("Milter:OnException", "7", "Milter:OnException is \"7\"; allowed is one of TempFail, Reject, Accept, Continue.")]
    [InlineData("Milter:SpoolFolder", "/no/such/folder", "Milter:SpoolFolder is \"/no/such/folder\"; allowed is a folder that exists.")]
    public async Task A_wrong_option_stops_the_start_and_names_its_key(string key, string value, string complaint)
    {
        using IHost host = Build(services => services.AddMilter<FirstFilter>("inet:0@localhost"), (key, value));

        OptionsValidationException e = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.StartsWith(complaint, Assert.Single(e.Failures), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Milter:CommandBudget", "8 s", "hh:mm:ss, such as 00:00:08")]
    [InlineData("Milter:Milters:FirstFilter:OnExpiry", "explode", "one of TempFail, Reject, Accept, Continue")]
    [InlineData("Milter:OnMissingCapability", "x", "one of TempFail, Close, Degrade")]
    [InlineData("Milter:Transport", "x", "one of Automatic, Sockets")]
    [InlineData("Milter:LogMessages", "yes", "true or false")]
    [InlineData("Milter:MaxConnections", "many", "a number")]
    [InlineData("Milter:MaxBodySize", "64M", "a number")]
    public async Task A_value_of_another_kind_names_its_key_too_and_what_to_write(string key, string value, string form)
    {
        using IHost host = Build(services => services.AddMilter<FirstFilter>("inet:0@localhost"), (key, value));

        OptionsValidationException e = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains($"'{value}' at '{key}'", e.Message, StringComparison.Ordinal);
        Assert.EndsWith($" Write {form}.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_milter_without_an_endpoint_is_told()
    {
        using IHost host = Build(services => services.AddMilter<FirstFilter>());

        OptionsValidationException e = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.StartsWith("Milter:Listen is missing: where should the milter listen?", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_stops_the_start_and_what_was_started_before()
    {
        await using MilterServer other = await MilterServer.StartAsync<ScriptedFilter>("inet:0@localhost");
        using IHost host = Build(services => services.AddMilter<FirstFilter>("inet:0@localhost").AddMilter<SecondFilter>(other.EndPoint.ToString()));
        MilterHealth first = host.Services.GetServices<MilterHealth>().First();

        MilterListenException e = await Assert.ThrowsAsync<MilterListenException>(() => host.StartAsync());

        Assert.Contains("is in use", e.Message, StringComparison.Ordinal);
        await ((IAsyncDisposable)host).DisposeAsync();
        Assert.Equal(MilterState.Stopped, first.State);
    }

    [Fact]
    public void A_milter_is_added_once()
    {
        var services = new ServiceCollection();
        services.AddMilter<FirstFilter>();

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => services.AddMilter<FirstFilter>());

        Assert.StartsWith("The milter FirstFilter was added twice.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_of_another_contract_is_refused_with_one_message()
    {
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => new ServiceCollection().AddMilter<FutureFilter>());

        Assert.Equal(
            "The milter FutureFilter was compiled with a newer version of AttrMilter (contract 1000) than the one it runs on (contract 3). Rebuild Milter.Runtime.Tests with the version of the package that the program uses.",
            e.Message);
        Assert.Equal(e.Message, (await Assert.ThrowsAsync<InvalidOperationException>(() => MilterServer.StartAsync<FutureFilter>("inet:0@localhost"))).Message);
    }

    internal static IHost Build(Action<IServiceCollection> add, params (string Key, string Value)[] configuration)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(configuration.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)));
        add(builder.Services);
        return builder.Build();
    }

    private static MilterOptions Options(IHost host, string name) => host.Services.GetRequiredService<IOptionsMonitor<MilterOptions>>().Get(name);

    private static MilterDescriptor Describe(string name, int contract = MilterDescriptor.CurrentContractVersion) => new() { ContractVersion = contract, Name = name };

    internal sealed class FirstFilter : IMilter<FirstFilter>
    {
        static MilterDescriptor IMilter<FirstFilter>.Descriptor { get; } = Describe(nameof(FirstFilter));

        static FirstFilter IMilter<FirstFilter>.Create(IServiceProvider services) => new();
    }

    internal sealed class SecondFilter : IMilter<SecondFilter>
    {
        static MilterDescriptor IMilter<SecondFilter>.Descriptor { get; } = Describe(nameof(SecondFilter));

        static SecondFilter IMilter<SecondFilter>.Create(IServiceProvider services) => new();
    }

    private sealed class FutureFilter : IMilter<FutureFilter>
    {
        static MilterDescriptor IMilter<FutureFilter>.Descriptor { get; } = Describe(nameof(FutureFilter), 1000);

        static FutureFilter IMilter<FutureFilter>.Create(IServiceProvider services) => new();
    }
}
