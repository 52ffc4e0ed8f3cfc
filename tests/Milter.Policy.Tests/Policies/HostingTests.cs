using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Milter.Policy.Tests;

public sealed class HostingTests
{
    [Theory]
    [InlineData("Store", "redis:localhost", "Policy:Store: redis: needs the package AttrMilter.Policy.Redis and AddRedisPolicyStore()")]
    [InlineData("Store", "mysql:localhost", "Policy:Store: there is no store \"mysql\". Stores are memory, sqlite, postgresql, redis")]
    [InlineData("Store", "sqlite:/nowhere/at/all/policy.db", "Policy:Store: the folder of /nowhere/at/all/policy.db does not exist")]
    [InlineData("Store", "memory:9", "Policy:Store: memory has no settings")]
    [InlineData("HashKey", "short", "Policy:HashKey has 5 characters, and needs at least 16")]
    [InlineData("Timeout", "00:02:00", "Policy:Timeout is 00:02:00, and allowed is from 00:00:00.0100000 to 00:01:00")]
    [InlineData("Stroe", "memory", "Policy:Stroe: the section Policy has no option Stroe")]
    [InlineData("Greylist:Dealy", "00:05:00", "Policy:Greylist:Dealy: the section Policy:Greylist has no option Dealy")]
    [InlineData("Greylist:RetryWindow", "00:01:00", "Policy:Greylist:RetryWindow is 00:01:00, and allowed is from 00:06:00")]
    [InlineData("Greylist:ExemptClients:0", "10/8", "Policy:Greylist:ExemptClients:0: \"10/8\" is no network")]
    [InlineData("Limits:Rules:0:PermitLimit", "0", "Policy:Limits:Rules:0:PermitLimit is 0, and allowed is from 1")]
    [InlineData("Limits:Rules:0:Permits", "5", "Policy:Limits:Rules:0:Permits: the section Policy:Limits:Rules:0 has no option Permits")]
    [InlineData("KnownSenders:Keep", "00:00:01", "Policy:KnownSenders:Keep is 00:00:01")]
    [InlineData("AccessMap:File", "/nowhere/access", "Policy:AccessMap:File: Could not find")]
    public void What_is_wrong_with_settings_is_told_at_the_start(string key, string value, string complaint)
    {
        using IHost host = Make(new() { ["Policy:Store"] = "memory", ["Policy:AccessMap:File"] = "/dev/null", [$"Policy:{key}"] = value });

        var wrong = Assert.Throws<OptionsValidationException>(() => host.Services.GetRequiredService<IStartupValidator>().Validate());
        Assert.Contains(wrong.Failures, failure => failure.StartsWith(complaint, StringComparison.Ordinal));
    }

    [Fact]
    public void All_policies_are_bound_from_settings_and_share_one_store()
    {
        using IHost host = Make(new()
        {
            ["Policy:Store"] = "memory",
            ["Policy:Greylist:Delay"] = "00:02:00",
            ["Policy:Greylist:ExemptClients:0"] = "192.0.2.0/24",
            ["Policy:Limits:Rules:0:Per"] = "Network",
            ["Policy:Limits:Rules:0:Of"] = "Recipients",
            ["Policy:Limits:Rules:0:PermitLimit"] = "100",
            ["Policy:AccessMap:File"] = "/dev/null",
        });

        host.Services.GetRequiredService<IStartupValidator>().Validate();
        GreylistOptions greylist = host.Services.GetRequiredService<IOptions<GreylistOptions>>().Value;
        Assert.Equal((TimeSpan.FromMinutes(2), 1), (greylist.Delay, greylist.ExemptClients.Count));
        PolicyLimit limit = host.Services.GetRequiredService<IOptions<PolicyLimitsOptions>>().Value.Rules.Single();
        Assert.Equal((PolicyLimitPer.Network, PolicyLimitOf.Recipients, 100), (limit.Per, limit.Of, limit.PermitLimit));
        Assert.Equal("memory", host.Services.GetRequiredService<PolicyStoreAccess>().Store.ToString());
        Assert.NotNull(host.Services.GetRequiredService<Greylist>());
        Assert.NotNull(host.Services.GetRequiredService<KnownSenders>());
        Assert.NotNull(host.Services.GetRequiredService<PolicyLimits>());
        Assert.NotNull(host.Services.GetRequiredService<AccessMap>());
    }

    private static IHost Make(Dictionary<string, string?> settings)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddGreylist().AddKnownSenders().AddPolicyLimits().AddAccessMap();
        return builder.Build();
    }
}
