namespace Milter.Policy;

/// <summary>A sighting as it is kept, in milliseconds: what the rule makes of it is the same in all stores that can't say it in their own language.</summary>
internal readonly record struct SeenRow(long First, long Last, long Times, long Passes, long Expires)
{
    /// <summary>A key that is written by hand.</summary>
    public static SeenRow Put(long now, long passes, TimeSpan keep) => new(now, now, 1, passes, now + (long)keep.TotalMilliseconds);

    /// <summary>Sees a key once more; <paramref name="known"/> is what is kept of it, expired or not.</summary>
    public static SeenRow See(SeenRow? known, long now, SightingRule rule)
    {
        if (known is not { } row || row.Expires <= now)
        {
            return new(now, now, 1, rule.FirstPasses, now + rule.FirstKeepMilliseconds);
        }

        bool isRipe = row.Passes > 0 || now >= row.First + rule.AgeMilliseconds;
        return new(row.First, Math.Max(row.Last, now), row.Times + 1, isRipe ? row.Passes + 1 : 0, isRipe ? now + rule.KeepMilliseconds : row.Expires);
    }

    public Sighting ToSighting() => Sighting.Of(First, Last, Times, Passes, Expires);
}
