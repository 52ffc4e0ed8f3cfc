using System.Runtime.CompilerServices;

namespace Milter.Policy.Testing;

/// <summary>A store under test, its clock, and a list of the rule's own.</summary>
internal sealed record ContractRun(IPolicyStore Store, ContractClock Clock, string List)
{
    public ValueTask<Sighting> SeeAsync(string key, SightingRule rule) => Store.SeeAsync(List, key, rule);

    public ValueTask<Sighting?> FindAsync(string key) => Store.FindAsync(List, key);

    public ValueTask<CounterLease> CountAsync(string key, long permits, CounterRule rule) => Store.CountAsync(List, key, permits, rule);

    public static void Equal<T>(T expected, T actual, [CallerArgumentExpression(nameof(actual))] string what = "")
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new PolicyStoreContractException($"{what} should be {expected}, and is {actual}.");
        }
    }
}

/// <summary>A clock that stands still until it is moved.</summary>
internal sealed class ContractClock : TimeProvider
{
    private DateTimeOffset _now = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    public DateTimeOffset Now => _now;

    public void Advance(TimeSpan time) => _now += time;

    public override DateTimeOffset GetUtcNow() => _now;
}
