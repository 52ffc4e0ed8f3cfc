using static Milter.Policy.Testing.ContractRun;

namespace Milter.Policy.Testing;

/// <content>The rules.</content>
public static partial class PolicyStoreContract
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private static readonly SightingRule s_grey = new(TimeSpan.FromMinutes(10), TimeSpan.FromHours(4), TimeSpan.FromDays(36));
    private static readonly CounterRule s_five = new(5, TimeSpan.FromMinutes(1));

    private static async Task NewKey(ContractRun run)
    {
        Sighting seen = await run.SeeAsync("k", s_grey).ConfigureAwait(false);
        Equal(new Sighting(run.Clock.Now, run.Clock.Now, 1, 0, run.Clock.Now + s_grey.Window), seen);
        Equal((true, false), (seen.IsNew, seen.IsRipe));
    }

    private static async Task Ripens(ContractRun run)
    {
        DateTimeOffset first = run.Clock.Now;
        await run.SeeAsync("k", s_grey).ConfigureAwait(false);
        run.Clock.Advance(s_grey.MinimumAge);
        Sighting ripe = await run.SeeAsync("k", s_grey).ConfigureAwait(false);
        Equal(new Sighting(first, run.Clock.Now, 2, 1, run.Clock.Now + s_grey.Keep), ripe);
        run.Clock.Advance(s_second);
        Equal(2, (await run.SeeAsync("k", s_grey).ConfigureAwait(false)).Passes);
    }

    private static async Task Early(ContractRun run)
    {
        DateTimeOffset first = run.Clock.Now;
        await run.SeeAsync("k", s_grey).ConfigureAwait(false);
        run.Clock.Advance(s_grey.MinimumAge - s_second);
        Equal(new Sighting(first, run.Clock.Now, 2, 0, first + s_grey.Window), await run.SeeAsync("k", s_grey).ConfigureAwait(false));
        run.Clock.Advance(s_second);
        Equal(1, (await run.SeeAsync("k", s_grey).ConfigureAwait(false)).Passes);
    }

    private static async Task Late(ContractRun run)
    {
        await run.SeeAsync("k", s_grey).ConfigureAwait(false);
        run.Clock.Advance(s_grey.Window);
        Sighting late = await run.SeeAsync("k", s_grey).ConfigureAwait(false);
        Equal(new Sighting(run.Clock.Now, run.Clock.Now, 1, 0, run.Clock.Now + s_grey.Window), late);
    }

    private static async Task Kept(ContractRun run)
    {
        await run.SeeAsync("k", s_grey).ConfigureAwait(false);
        run.Clock.Advance(s_grey.MinimumAge);
        await run.SeeAsync("k", s_grey).ConfigureAwait(false);
        run.Clock.Advance(s_grey.Keep - s_second);
        Equal(2, (await run.SeeAsync("k", s_grey).ConfigureAwait(false)).Passes);
        run.Clock.Advance(s_grey.Keep);
        Equal(true, (await run.SeeAsync("k", s_grey).ConfigureAwait(false)).IsNew);
    }

    private static async Task Lists(ContractRun run)
    {
        await run.SeeAsync("k", s_grey).ConfigureAwait(false);
        Equal(true, (await run.Store.SeeAsync(run.List + "-other", "k", s_grey).ConfigureAwait(false)).IsNew);
        Equal(1, (await run.CountAsync("k", 1, s_five).ConfigureAwait(false)).Total);
        Equal(2, (await run.SeeAsync("k", s_grey).ConfigureAwait(false)).Times);
    }

    private static async Task AtOnce(ContractRun run)
    {
        const int attempts = 50;
        Sighting[] seen = await Task.WhenAll(Enumerable.Range(0, attempts).Select(_ => Task.Run(async () => await run.SeeAsync("k", s_grey).ConfigureAwait(false)))).ConfigureAwait(false);
        Equal(1, seen.Count(static one => one.IsNew));
        Equal(attempts, seen.Select(static one => one.Times).Distinct().Count());
        Equal(attempts + 1, (await run.SeeAsync("k", s_grey).ConfigureAwait(false)).Times);
    }

    private static async Task Finding(ContractRun run)
    {
        Equal(null, await run.FindAsync("k").ConfigureAwait(false));
        Sighting seen = await run.SeeAsync("k", s_grey).ConfigureAwait(false);
        run.Clock.Advance(s_second);
        Equal(seen, await run.FindAsync("k").ConfigureAwait(false));
        Equal(seen, await run.FindAsync("k").ConfigureAwait(false));
        run.Clock.Advance(s_grey.Window);
        Equal(null, await run.FindAsync("k").ConfigureAwait(false));
    }

    private static async Task ByHand(ContractRun run)
    {
        await run.SeeAsync("k", s_grey).ConfigureAwait(false);
        await run.Store.PutAsync(run.List, "k", 7, TimeSpan.FromDays(1)).ConfigureAwait(false);
        Equal(new Sighting(run.Clock.Now, run.Clock.Now, 1, 7, run.Clock.Now + TimeSpan.FromDays(1)), await run.FindAsync("k").ConfigureAwait(false));
        run.Clock.Advance(s_second);
        Sighting seen = await run.SeeAsync("k", s_grey).ConfigureAwait(false);
        Equal((2L, 8L, run.Clock.Now + s_grey.Keep), (seen.Times, seen.Passes, seen.Expires));
        await run.Store.PutAsync(run.List, "other", 1, s_second).ConfigureAwait(false);
        run.Clock.Advance(s_second);
        Equal(null, await run.FindAsync("other").ConfigureAwait(false));
    }

    private static async Task Sets(ContractRun run)
    {
        Equal(false, await run.Store.ContainsAsync(run.List, "k").ConfigureAwait(false));
        Equal(true, await run.Store.AddAsync(run.List, "k", s_second * 10).ConfigureAwait(false));
        Equal(true, await run.Store.ContainsAsync(run.List, "k").ConfigureAwait(false));
        run.Clock.Advance(s_second * 9);
        Equal(false, await run.Store.AddAsync(run.List, "k", s_second * 10).ConfigureAwait(false));
        run.Clock.Advance(s_second * 9);
        Equal(true, await run.Store.ContainsAsync(run.List, "k").ConfigureAwait(false));
        run.Clock.Advance(s_second);
        Equal(false, await run.Store.ContainsAsync(run.List, "k").ConfigureAwait(false));
    }

    private static async Task Counting(ContractRun run)
    {
        Equal(new CounterLease(true, 3, s_five.Window), await run.CountAsync("k", 3, s_five).ConfigureAwait(false));
        run.Clock.Advance(s_second);
        Equal(new CounterLease(false, 3, s_five.Window - s_second), await run.CountAsync("k", 3, s_five).ConfigureAwait(false));
        Equal(new CounterLease(true, 5, s_five.Window - s_second), await run.CountAsync("k", 2, s_five).ConfigureAwait(false));
        Equal(new CounterLease(false, 5, s_five.Window - s_second), await run.CountAsync("k", 1, s_five).ConfigureAwait(false));
        Equal(new CounterLease(false, 0, s_five.Window), await run.CountAsync("more than there ever is", 6, s_five).ConfigureAwait(false));
    }

    private static async Task Windows(ContractRun run)
    {
        await run.CountAsync("k", 5, s_five).ConfigureAwait(false);
        run.Clock.Advance(s_five.Window);
        Equal(new CounterLease(true, 4, s_five.Window), await run.CountAsync("k", 4, s_five).ConfigureAwait(false));
    }

    private static async Task GivingBack(ContractRun run)
    {
        await run.CountAsync("k", 5, s_five).ConfigureAwait(false);
        Equal(3, (await run.CountAsync("k", -2, s_five).ConfigureAwait(false)).Total);
        Equal(true, (await run.CountAsync("k", 2, s_five).ConfigureAwait(false)).IsAcquired);
        Equal(0, (await run.CountAsync("k", -9, s_five).ConfigureAwait(false)).Total);
        Equal(true, (await run.CountAsync("k", 5, s_five).ConfigureAwait(false)).IsAcquired);
    }

    private static async Task CountersAtOnce(ContractRun run)
    {
        CounterLease[] leases = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Task.Run(async () => await run.CountAsync("k", 1, s_five).ConfigureAwait(false)))).ConfigureAwait(false);
        Equal(5, leases.Count(static lease => lease.IsAcquired));
    }

    private static async Task Forgetting(ContractRun run)
    {
        Equal(false, await run.Store.ForgetAsync(run.List, "k").ConfigureAwait(false));
        await run.SeeAsync("k", s_grey).ConfigureAwait(false);
        await run.CountAsync("k", 5, s_five).ConfigureAwait(false);
        Equal(true, await run.Store.ForgetAsync(run.List, "k").ConfigureAwait(false));
        Equal(true, (await run.SeeAsync("k", s_grey).ConfigureAwait(false)).IsNew);
        Equal(true, (await run.CountAsync("k", 5, s_five).ConfigureAwait(false)).IsAcquired);
    }

    private static async Task Listing(ContractRun run)
    {
        await run.SeeAsync("192.0.2.0/24 joe", s_grey).ConfigureAwait(false);
        await run.SeeAsync("198.51.100.0/24 ann", s_grey).ConfigureAwait(false);
        await run.CountAsync("joe", 3, s_five).ConfigureAwait(false);
        IReadOnlyList<StoredKey> all = await run.Store.ListAsync(run.List, null, 100).ConfigureAwait(false);
        Equal("192.0.2.0/24 joe|198.51.100.0/24 ann|joe", string.Join('|', all.Select(static key => key.Key).Order(StringComparer.Ordinal)));
        Equal(new StoredKey(run.List, "joe", null, 3, run.Clock.Now + s_five.Window), all.Single(static key => key.Sighting is null));
        Equal(2, (await run.Store.ListAsync(run.List, "joe", 100).ConfigureAwait(false)).Count);
        Equal(1, (await run.Store.ListAsync(run.List, null, 1).ConfigureAwait(false)).Count);
        run.Clock.Advance(s_five.Window);
        Equal(2, (await run.Store.ListAsync(run.List, null, 100).ConfigureAwait(false)).Count);
        run.Clock.Advance(s_grey.Window);
        Equal(0, (await run.Store.ListAsync(run.List, null, 100).ConfigureAwait(false)).Count);
    }

    private static async Task Cleaning(ContractRun run)
    {
        await run.SeeAsync("old", s_grey).ConfigureAwait(false);
        await run.CountAsync("old", 5, s_five).ConfigureAwait(false);
        run.Clock.Advance(s_grey.Window);
        await run.SeeAsync("new", s_grey).ConfigureAwait(false);
        await run.Store.CleanAsync().ConfigureAwait(false);
        Equal(null, await run.FindAsync("old").ConfigureAwait(false));
        Equal(true, (await run.FindAsync("new").ConfigureAwait(false)).HasValue);
        Equal(true, (await run.CountAsync("old", 5, s_five).ConfigureAwait(false)).IsAcquired);
    }

    private static async Task OddKeys(ContractRun run)
    {
        string[] keys = ["a", "A", "it's", "100%", "a_b", "a\\b", "\"q\"", "a:b", "[x]*?", "{tag}", " ", new string('x', 400)];
        foreach (string key in keys)
        {
            Equal(true, (await run.SeeAsync(key, s_grey).ConfigureAwait(false)).IsNew, key);
        }

        IReadOnlyList<StoredKey> all = await run.Store.ListAsync(run.List, null, 100).ConfigureAwait(false);
        Equal(string.Join('|', keys.Order(StringComparer.Ordinal)), string.Join('|', all.Select(static key => key.Key).Order(StringComparer.Ordinal)));
    }

    private static async Task ClockBack(ContractRun run)
    {
        Sighting before = await run.SeeAsync("k", s_grey).ConfigureAwait(false);
        run.Clock.Advance(-s_second);
        Sighting after = await run.SeeAsync("k", s_grey).ConfigureAwait(false);
        Equal((before.FirstSeen, before.LastSeen, 2L, 0L), (after.FirstSeen, after.LastSeen, after.Times, after.Passes));
    }
}
