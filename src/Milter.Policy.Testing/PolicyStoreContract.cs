namespace Milter.Policy.Testing;

/// <summary>What every <see cref="IPolicyStore"/> has to do, as rules that can be run against one of your own, from any test framework.</summary>
/// <remarks>
/// <para>The store has to go by the clock that it was given (<see cref="PolicyClock.Caller"/>), so that no rule waits. Each rule works on keys of its own, so that one store can serve all.</para>
/// <code>
/// public static TheoryData&lt;string&gt; Rules => [.. PolicyStoreContract.Rules.Select(rule => rule.Name)];
///
/// [Theory, MemberData(nameof(Rules))]
/// public Task My_store_keeps_the_contract(string rule) => PolicyStoreContract.RunAsync(rule, time => new MyStore(time));
/// </code>
/// </remarks>
public static partial class PolicyStoreContract
{
    /// <summary>Gets the rules, by names that are sentences.</summary>
    public static IReadOnlyList<PolicyStoreRule> Rules { get; } =
    [
        new("A new key is seen once and is not ripe", NewKey),
        new("A key is ripe when it comes back after its minimum age and within its window", Ripens),
        new("A key that comes back early stays unripe and its time runs on", Early),
        new("A key that does not come back within its window begins anew", Late),
        new("A ripe key is kept from its last sighting and then begins anew", Kept),
        new("A key is in its list alone", Lists),
        new("Of many attempts at once exactly one is the first and all are counted", AtOnce),
        new("To find a key changes nothing", Finding),
        new("A key written by hand is ripe, is kept when seen, and expires", ByHand),
        new("A set has a key until it expires", Sets),
        new("A counter takes up to its limit and counts nothing that it refuses", Counting),
        new("A counter begins anew when its window ends", Windows),
        new("What is given back can be taken again and a counter never falls below zero", GivingBack),
        new("Counters at once take exactly their limit", CountersAtOnce),
        new("What is forgotten is new", Forgetting),
        new("What is kept can be listed and what has expired is not", Listing),
        new("What has expired is gone whether it was cleaned away or not", Cleaning),
        new("Keys are kept as they are, quotes, wildcards and case included", OddKeys),
        new("A clock that is set back does no harm", ClockBack),
    ];

    /// <summary>Runs a rule.</summary>
    /// <param name="rule">Its name.</param>
    /// <param name="open">Makes the store, by a clock. It is disposed of.</param>
    /// <returns>A task that completes when the rule holds.</returns>
    /// <exception cref="PolicyStoreContractException">The rule does not hold; the message says what was expected.</exception>
    /// <exception cref="ArgumentException">There is no such rule.</exception>
    public static async Task RunAsync(string rule, Func<TimeProvider, IPolicyStore> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        PolicyStoreRule found = Rules.FirstOrDefault(one => one.Name == rule) ?? throw new ArgumentException($"There is no rule \"{rule}\".", nameof(rule));
        var clock = new ContractClock();
        IPolicyStore store = open(clock);
        await using (store.ConfigureAwait(false))
        {
            await found.Run(new ContractRun(store, clock, $"contract-{Guid.NewGuid():N}")).ConfigureAwait(false);
        }
    }
}
