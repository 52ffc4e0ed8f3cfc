namespace Milter.Policy;

/// <summary>Sets with expiry, as a store has them: keys that are ripe at once.</summary>
public static class PolicyStoreExtensions
{
    /// <summary>Adds a key to a set, or keeps it longer.</summary>
    /// <param name="store">The store.</param>
    /// <param name="list">The set.</param>
    /// <param name="key">The key.</param>
    /// <param name="keep">How long it is kept, from now.</param>
    /// <param name="cancellationToken">Ends the wait, not always the operation.</param>
    /// <returns>Whether the key was not in the set before.</returns>
    public static async ValueTask<bool> AddAsync(this IPolicyStore store, string list, string key, TimeSpan keep, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return (await store.SeeAsync(list, key, SightingRule.ForSet(keep), cancellationToken).ConfigureAwait(false)).IsNew;
    }

    /// <summary>Says whether a key is in a set.</summary>
    /// <param name="store">The store.</param>
    /// <param name="list">The set.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it is.</returns>
    public static async ValueTask<bool> ContainsAsync(this IPolicyStore store, string list, string key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return await store.FindAsync(list, key, cancellationToken).ConfigureAwait(false) is { IsRipe: true };
    }
}
