namespace Milter.Policy;

/// <summary>A counter as it is kept; the end of its window in milliseconds.</summary>
internal readonly record struct CountRow(long Total, long Resets)
{
    /// <summary>Counts, or gives back; <paramref name="known"/> is what is kept, of this window or an earlier one.</summary>
    /// <returns>The answer, and the row to be written, unless nothing has changed.</returns>
    public static (CounterLease Lease, CountRow? Written) Count(CountRow? known, long now, long permits, CounterRule rule)
    {
        CountRow? live = known is { } row && row.Resets > now ? row : null;
        CountRow kept = live ?? new CountRow(0, now + rule.WindowMilliseconds);
        var wait = TimeSpan.FromMilliseconds(kept.Resets - now);
        if (permits < 0)
        {
            CountRow less = kept with { Total = Math.Max(0, kept.Total + permits) };
            return (new CounterLease(true, less.Total, wait), live is null ? null : less);
        }

        // The limit first: a number of permits near the largest one would go round.
        if (permits > rule.PermitLimit || kept.Total > rule.PermitLimit - permits)
        {
            return (new CounterLease(false, kept.Total, wait), null);
        }

        CountRow more = kept with { Total = kept.Total + permits };
        return (new CounterLease(true, more.Total, wait), more);
    }
}
