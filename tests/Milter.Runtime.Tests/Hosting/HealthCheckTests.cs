using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Milter.Protocol;
using Milter.Runtime.Tests.Transport;

namespace Milter.Runtime.Tests.Hosting;

/// <summary>Protects what a readiness probe is told.</summary>
public sealed partial class HealthCheckTests
{
    [Fact]
    public async Task A_milter_is_healthy_while_it_listens_and_has_what_it_requires()
    {
        using IHost host = HostTests.Build(services => services.AddMilter<NeedyFilter>("inet:0@localhost").AddHealthChecks().AddMilter(tags: ["ready"]));
        HealthCheckService checks = host.Services.GetRequiredService<HealthCheckService>();
        Assert.Equal((HealthStatus.Unhealthy, "NeedyFilter: Starting, 0 connections"), await AskAsync(checks));

        await host.StartAsync();
        MilterEndPoint endPoint = host.Services.GetRequiredService<MilterHealth>().EndPoint!;
        Assert.Equal((HealthStatus.Healthy, $"NeedyFilter: Listening on {endPoint}, 0 connections"), await AskAsync(checks));

        using Mta mta = await Mta.ConnectAsync(endPoint);
        await mta.SayAsync(Mta.Frames(frames => CommandWriter.OptNeg(frames, 6, MilterActions.AddRecipients, (ProtocolSteps)0x1fffff)), 1);
        (HealthStatus status, string? why) = await AskAsync(checks);
        Assert.Equal(HealthStatus.Unhealthy, status);
        Assert.EndsWith("the MTA does not offer AddHeaders, ChangeHeaders", why, StringComparison.Ordinal);

        await mta.SendAsync(Mta.Quit);
        await host.StopAsync();
        Assert.Equal(HealthStatus.Unhealthy, (await AskAsync(checks)).Status);
    }

    [Fact]
    public async Task What_a_failure_counts_as_and_what_the_check_is_called_is_the_hosts_to_say()
    {
        using IHost host = HostTests.Build(services => services.AddHealthChecks().AddMilter("filters", HealthStatus.Degraded, ["a", "b"]));

        HealthReport report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        HealthReportEntry entry = report.Entries["filters"];
        Assert.Equal((HealthStatus.Degraded, "The host has no milter: services.AddMilter<T>() adds one."), (entry.Status, entry.Description));
        Assert.Equal(["a", "b"], entry.Tags.Order());
    }

    [Fact]
    public async Task Numbers_are_data_of_the_report()
    {
        using IHost host = HostTests.Build(services => services.AddMilter<NeedyFilter>("inet:0@localhost").AddHealthChecks().AddMilter());
        await host.StartAsync();

        IReadOnlyDictionary<string, object> data = (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["milter"].Data;

        Assert.Equal("Listening", data["NeedyFilter.State"]);
        Assert.Equal(0L, data["NeedyFilter.Messages"]);
        await host.StopAsync();
    }

    private static async Task<(HealthStatus Status, string? Description)> AskAsync(HealthCheckService checks)
    {
        HealthReportEntry entry = (await checks.CheckHealthAsync(static check => check.Tags.Contains("ready"))).Entries["milter"];
        return (entry.Status, entry.Description);
    }

    [Milter]
    internal sealed partial class NeedyFilter
    {
        [OnEom]
        private static Verdict End(HeaderEditor headers)
        {
            headers.Set("X-Seen", "yes");
            return Verdict.Continue;
        }
    }
}
