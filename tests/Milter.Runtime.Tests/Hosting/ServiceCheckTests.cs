using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Milter.Runtime.Tests.Hosting;

/// <summary>Protects senders from a filter that takes what its program does not have: it does not start, where it would put off every message.</summary>
public sealed class ServiceCheckTests
{
    private const string Constructor = "NeedyFilter: the constructor NeedyFilter(rules) takes NeededRules<String>, which is not among the program's services, ";
    private const string Handler = "NeedyFilter: NeedyFilter.End(store) takes INeededStore, which is not among the program's services, ";
    private const string Keyed = "NeedyFilter: the constructor NeedyFilter(backup) takes INeededStore with the key backup, which is not among the program's services, ";

    [Fact]
    public async Task A_host_does_not_start_without_them_and_says_all_that_are_missing()
    {
        using IHost host = HostTests.Build(services => services.AddMilter<NeedyFilter>("inet:0@localhost"));

        MilterServiceException e = await Assert.ThrowsAsync<MilterServiceException>(() => host.StartAsync());

        Assert.Collection(
            e.Message.Split('\n'),
            line => Assert.StartsWith(Constructor, line, StringComparison.Ordinal),
            line => Assert.StartsWith(Keyed, line, StringComparison.Ordinal),
            line => Assert.StartsWith(Handler, line, StringComparison.Ordinal));
        Assert.Contains("services.AddSingleton<NeededRules<String>>()", e.Message, StringComparison.Ordinal);
        Assert.Contains("services.AddKeyedSingleton<INeededStore>(\"backup\")", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_has_them_starts()
    {
        using IHost host = HostTests.Build(services => services
            .AddSingleton(new NeededRules<string>())
            .AddKeyedSingleton<INeededStore, NeededStore>("backup")
            .AddScoped<INeededStore, NeededStore>()
            .AddMilter<NeedyFilter>("inet:0@localhost"));

        await host.StartAsync();
        await host.StopAsync();
    }

    [Fact]
    public async Task A_server_without_a_container_has_a_clock_and_a_log_and_no_more()
    {
        await Assert.ThrowsAsync<MilterServiceException>(() => MilterServer.StartAsync<NeedyFilter>("inet:0@localhost"));
        await using MilterServer server = await MilterServer.StartAsync<ModestFilter>("inet:0@localhost");
    }

    [Fact]
    public async Task Who_makes_the_filter_has_what_its_constructor_takes_and_the_handlers_services_are_missing_all_the_same()
    {
        MilterServiceException e = await Assert.ThrowsAsync<MilterServiceException>(
            () => MilterServer.StartAsync("inet:0@localhost", () => new NeedyFilter(new NeededRules<string>(), new NeededStore(), null)));

        Assert.StartsWith(Handler, Assert.Single(e.Message.Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_container_that_does_not_tell_what_it_has_is_believed()
    {
        await using MilterServer server = await MilterServer.StartAsync<NeedyFilter>("inet:0@localhost", services: new Silent());
    }

    private sealed class Silent : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}

internal interface INeededStore;

internal sealed class NeededStore : INeededStore;

internal sealed class NeededRules<T>;

[Milter]
internal sealed partial class NeedyFilter(NeededRules<string> rules, [FromKeyedServices("backup")] INeededStore backup, INeededStore? optional, IServiceProvider? services = null)
{
    [OnEom]
    private Verdict End([FromServices] INeededStore store, [FromServices] NeededRules<int>? more) =>
        rules is not null && backup is not null && optional != store && services is not null && more is null ? Verdict.Continue : Verdict.TempFail();
}

[Milter]
internal sealed partial class ModestFilter(TimeProvider time, Microsoft.Extensions.Logging.ILoggerFactory logs)
{
    [OnEom]
    private Verdict End() => time is not null && logs is not null ? Verdict.Continue : Verdict.TempFail();
}
