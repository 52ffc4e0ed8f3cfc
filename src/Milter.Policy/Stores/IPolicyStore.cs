namespace Milter.Policy;

/// <summary>What policies keep between messages, on one host or on several: sightings of keys, counters by window, sets. One contract for all stores.</summary>
/// <remarks>
/// <para>A key stands in a list, such as <c>greylist</c>; the same key in another list is another one, and a counter of a key has nothing to do with its sighting.</para>
/// <para>
/// Each member is atomic, whoever else calls it from wherever: of any number of attempts that see a new key at once, exactly one is told <see cref="Sighting.IsNew"/>, and all are counted.
/// What has expired is as if it had never been there, whether it was cleaned away or not. Of what was confirmed nothing is lost while the store itself loses nothing.
/// </para>
/// <para>
/// Time is that of the store where it has a clock of its own (PostgreSQL, Redis), or the caller's, by <see cref="PolicyClock"/>. It is precise to the millisecond.
/// Keys given by <see cref="PolicyOptions"/>' store are made safe before: at most 400 characters of printable text; others, and all where keys are hashed, arrive as a digest.
/// </para>
/// <para>
/// Members throw what the store throws, within about the store's time-out: policies catch it and do what <see cref="StoreFailure"/> says. A store that was away is found again by itself.
/// All members can be called at the same time. <c>AttrMilter.Policy.Testing</c> has this contract as tests, for stores of your own.
/// </para>
/// </remarks>
public interface IPolicyStore : IAsyncDisposable
{
    /// <summary>Sees a key: notes when it was first and last seen, and how often.</summary>
    /// <param name="list">The list that the key is in.</param>
    /// <param name="key">The key.</param>
    /// <param name="rule">When a key is ripe, and how long it is kept.</param>
    /// <param name="cancellationToken">Ends the wait, not always the operation.</param>
    /// <returns>What is known, this time included.</returns>
    ValueTask<Sighting> SeeAsync(string list, string key, SightingRule rule, CancellationToken cancellationToken = default);

    /// <summary>Tells what is known of a key, and changes nothing.</summary>
    /// <param name="list">The list that the key is in.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What is known; <see langword="null"/> where the key was not seen, or has expired.</returns>
    ValueTask<Sighting?> FindAsync(string list, string key, CancellationToken cancellationToken = default);

    /// <summary>Writes a key by hand, as ripe: seen now, with so many passes, whatever was known of it.</summary>
    /// <param name="list">The list that the key is in.</param>
    /// <param name="key">The key.</param>
    /// <param name="passes">How often it is to count as seen ripe; at least 1.</param>
    /// <param name="keep">How long it is kept, unless it is seen again.</param>
    /// <param name="cancellationToken">Ends the wait, not always the operation.</param>
    /// <returns>A task that completes when it is written.</returns>
    ValueTask PutAsync(string list, string key, long passes, TimeSpan keep, CancellationToken cancellationToken = default);

    /// <summary>Counts, unless that would be more than the limit: then nothing is counted. A window begins with the first count in it.</summary>
    /// <param name="list">The list that the key is in.</param>
    /// <param name="key">The key.</param>
    /// <param name="permits">How many; a negative number gives back what was counted in this window, down to 0.</param>
    /// <param name="rule">The limit and the window.</param>
    /// <param name="cancellationToken">Ends the wait, not always the operation.</param>
    /// <returns>Whether it was counted, the total of the window, and when to try again.</returns>
    ValueTask<CounterLease> CountAsync(string list, string key, long permits, CounterRule rule, CancellationToken cancellationToken = default);

    /// <summary>Forgets a key: its sighting and its counter.</summary>
    /// <param name="list">The list that the key is in.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Ends the wait, not always the operation.</param>
    /// <returns>Whether there was something to forget that had not expired.</returns>
    ValueTask<bool> ForgetAsync(string list, string key, CancellationToken cancellationToken = default);

    /// <summary>Lists what is kept, for people; not for each message, since a store may have to look at all it has.</summary>
    /// <param name="list">The list; <see langword="null"/> for all.</param>
    /// <param name="contains">A text that the keys contain, case kept; <see langword="null"/> or empty for all.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Keys that have not expired, in no order.</returns>
    ValueTask<IReadOnlyList<StoredKey>> ListAsync(string? list, string? contains, int limit, CancellationToken cancellationToken = default);

    /// <summary>Removes what has expired. Stores do this by themselves from time to time.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many were removed; 0 where the store's server does it.</returns>
    ValueTask<long> CleanAsync(CancellationToken cancellationToken = default);
}
