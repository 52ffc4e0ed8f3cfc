namespace Milter.Policy;

/// <summary>When a key that is seen is ripe, and how long it is kept.</summary>
/// <remarks>
/// A key that is new, or has expired, begins with one sighting. Seen again within <paramref name="Window"/> but before <paramref name="MinimumAge"/> it stays unripe, and its time runs on;
/// seen between the two it is ripe, and each further sighting keeps it for <paramref name="Keep"/>. What did not come back within the window begins anew.
/// </remarks>
/// <param name="MinimumAge">From the first sighting to the first that counts as a pass; 0 makes the first one a pass.</param>
/// <param name="Window">From the first sighting, how long an unripe key is kept.</param>
/// <param name="Keep">From the last sighting, how long a ripe key is kept.</param>
public readonly record struct SightingRule(TimeSpan MinimumAge, TimeSpan Window, TimeSpan Keep)
{
    internal long AgeMilliseconds => (long)MinimumAge.TotalMilliseconds;

    internal long KeepMilliseconds => (long)Keep.TotalMilliseconds;

    /// <summary>Gets how many passes a first sighting is.</summary>
    internal long FirstPasses => MinimumAge <= TimeSpan.Zero ? 1 : 0;

    internal long FirstKeepMilliseconds => FirstPasses > 0 ? KeepMilliseconds : (long)Window.TotalMilliseconds;

    /// <summary>Makes the rule of a set with expiry: ripe at once, kept so long from the last sighting.</summary>
    /// <param name="keep">How long.</param>
    /// <returns>The rule.</returns>
    public static SightingRule ForSet(TimeSpan keep) => new(TimeSpan.Zero, keep, keep);
}
