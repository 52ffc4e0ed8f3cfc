using Milter.Policy.Testing;

namespace Milter.Policy.Tests;

/// <summary>Every store keeps the one contract, which is shipped for stores of users' own.</summary>
[Collection(StoreCollection.Name)]
public sealed class ContractTests(StoreFixture fixture)
{
    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (string store in StoreFixture.Names)
        {
            foreach (PolicyStoreRule rule in PolicyStoreContract.Rules)
            {
                cases.Add(store, rule.Name);
            }
        }

        return cases;
    }

    [SkippableTheory, MemberData(nameof(Cases))]
    public async Task Every_store_keeps_the_contract(string store, string rule)
    {
        IPolicyStore? first = await fixture.OpenAsync(store);
        await first.DisposeAsync();
        await PolicyStoreContract.RunAsync(rule, time => fixture.OpenAsync(store, time).GetAwaiter().GetResult());
    }

    /// <summary>With time-outs of the server's clock, which no test moves: that what the clock says is the time.</summary>
    [SkippableTheory, MemberData(nameof(StoreFixture.Stores), MemberType = typeof(StoreFixture))]
    public async Task By_default_the_clock_is_the_stores(string store)
    {
        await using IPolicyStore opened = await fixture.OpenAsync(store);
        string list = $"clock-{Guid.NewGuid():N}";

        Sighting seen = await opened.SeeAsync(list, "k", new SightingRule(TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(3)));

        Assert.InRange(seen.FirstSeen, DateTimeOffset.UtcNow.AddMinutes(-10), DateTimeOffset.UtcNow.AddMinutes(10));
        Assert.Equal(TimeSpan.FromHours(2), seen.Expires - seen.FirstSeen);
        Assert.Equal(seen, await opened.FindAsync(list, "k"));
    }

    [Fact]
    public async Task A_store_that_does_not_keep_the_contract_is_told_what_was_expected()
    {
        var exception = await Assert.ThrowsAsync<PolicyStoreContractException>(() => PolicyStoreContract.RunAsync(
            "A key is ripe when it comes back after its minimum age and within its window", _ => new MemoryPolicyStore(TimeProvider.System)));

        Assert.Contains("should be", exception.Message, StringComparison.Ordinal);
    }
}
