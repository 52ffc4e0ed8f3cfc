using System.Net;
using Microsoft.Extensions.Options;

namespace Milter.Policy.Tests;

public sealed class PolicyLimitsTests
{
    private static readonly IPAddress s_client = IPAddress.Parse("192.0.2.7");
    private readonly PolicyBench _bench = new();

    [Fact]
    public async Task A_limit_counts_for_a_login_a_client_or_a_network()
    {
        PolicyLimits limits = Limits(
            new() { Per = PolicyLimitPer.Login, Of = PolicyLimitOf.Recipients, PermitLimit = 2 },
            new() { Per = PolicyLimitPer.Client, Of = PolicyLimitOf.Messages, PermitLimit = 2 },
            new() { Per = PolicyLimitPer.Network, Of = PolicyLimitOf.Bytes, PermitLimit = 100 });

        Assert.Equal([true, true, false], await AllAsync(limits, PolicyLimitOf.Recipients, 1, (s_client, "ann"), (IPAddress.Parse("198.51.100.1"), "ann"), (s_client, "ann")));
        Assert.Equal([true, true, true], await AllAsync(limits, PolicyLimitOf.Recipients, 1, (s_client, null), (s_client, null), (s_client, "joe")));
        Assert.Equal([true, true, false, true], await AllAsync(limits, PolicyLimitOf.Messages, 1, (s_client, "ann"), (s_client, "joe"), (s_client, null), (IPAddress.Parse("192.0.2.8"), null)));
        Assert.Equal([true, false, true], await AllAsync(limits, PolicyLimitOf.Bytes, 60, (s_client, null), (IPAddress.Parse("192.0.2.8"), null), (IPAddress.Parse("192.0.3.8"), null)));
    }

    [Fact]
    public async Task What_is_refused_is_counted_nowhere()
    {
        PolicyLimits limits = Limits(
            new() { Per = PolicyLimitPer.Login, Of = PolicyLimitOf.Recipients, PermitLimit = 10 },
            new() { Per = PolicyLimitPer.Network, Of = PolicyLimitOf.Recipients, PermitLimit = 5 });

        Assert.Equal([true, false, true, false], await AllAsync(limits, PolicyLimitOf.Recipients, 3, (s_client, "ann"), (s_client, "ann"), (IPAddress.Parse("198.51.100.1"), "ann"), (s_client, "ann")));
        Assert.Equal([true], await AllAsync(limits, PolicyLimitOf.Recipients, 4, (IPAddress.Parse("203.0.113.1"), "ann")));
    }

    [Fact]
    public async Task What_is_over_a_limit_is_told_which_and_when_to_try_again_and_passes_then()
    {
        PolicyLimits limits = Limits(new PolicyLimit { Per = PolicyLimitPer.Login, Of = PolicyLimitOf.Messages, PermitLimit = 1, Window = TimeSpan.FromMinutes(10) });
        await limits.AcquireAsync(PolicyLimitOf.Messages, 1, s_client, "ann");
        _bench.Clock.Advance(TimeSpan.FromMinutes(4));

        PolicyLimitLease refused = await limits.AcquireAsync(PolicyLimitOf.Messages, 1, s_client, "ann");
        _bench.Clock.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal("TempFail 450 4.7.1 The limit of 1 messages is reached, try again in 360 seconds", refused.Verdict.ToString());
        Assert.True((await limits.AcquireAsync(PolicyLimitOf.Messages, 1, s_client, "ann")).IsAcquired);
    }

    [Fact]
    public async Task Exceptions_have_no_limit() => Assert.Equal(
        [true, true, true], await AllAsync(Limits(new PolicyLimit { Per = PolicyLimitPer.Client, PermitLimit = 1 }), PolicyLimitOf.Messages, 5, [.. Enumerable.Repeat(((IPAddress?)IPAddress.Parse("203.0.113.9"), (string?)null), 3)]));

    [Theory]
    [InlineData(StoreFailure.PutOff, "TempFail 451 4.3.0 Temporary local problem, try again later")]
    [InlineData(StoreFailure.Pass, "Continue")]
    public async Task While_the_store_is_away_the_option_says_what_becomes_of_mail(StoreFailure option, string verdict)
    {
        var bench = new PolicyBench(new FickleStore(new MemoryPolicyStore()) { Failure = new TimeoutException() });
        var limits = new PolicyLimits(bench.Access, Options.Create(new PolicyLimitsOptions { Rules = [new() { Per = PolicyLimitPer.Client, PermitLimit = 1 }], OnStoreFailure = option }));

        Assert.Equal(verdict, (await limits.AcquireAsync(PolicyLimitOf.Messages, 1, s_client, null)).Verdict.ToString());
    }

    private PolicyLimits Limits(params PolicyLimit[] rules) =>
        new(_bench.Access, Options.Create(new PolicyLimitsOptions { Rules = rules, ExemptClients = ["203.0.113.9"] }));

    private static async Task<List<bool>> AllAsync(PolicyLimits limits, PolicyLimitOf of, long permits, params (IPAddress? Client, string? Login)[] who)
    {
        var acquired = new List<bool>();
        foreach ((IPAddress? client, string? login) in who)
        {
            acquired.Add((await limits.AcquireAsync(of, permits, client, login)).IsAcquired);
        }

        return acquired;
    }
}
