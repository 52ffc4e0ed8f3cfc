namespace Milter.Policy;

/// <summary>What a store knows of a key.</summary>
/// <param name="FirstSeen">When it was first seen.</param>
/// <param name="LastSeen">When it was last seen: in what <see cref="IPolicyStore.SeeAsync"/> gives, now.</param>
/// <param name="Times">How often it was seen.</param>
/// <param name="Passes">How often it was seen ripe: at least <see cref="SightingRule.MinimumAge"/> after it was first seen.</param>
/// <param name="Expires">When it will be forgotten, if it is not seen again.</param>
public readonly record struct Sighting(DateTimeOffset FirstSeen, DateTimeOffset LastSeen, long Times, long Passes, DateTimeOffset Expires)
{
    /// <summary>Gets a value indicating whether this was the first time.</summary>
    public bool IsNew => Times == 1;

    /// <summary>Gets a value indicating whether the key is ripe: seen again after its minimum age, or written by hand.</summary>
    public bool IsRipe => Passes > 0;

    internal static Sighting Of(long first, long last, long times, long passes, long expires) =>
        new(DateTimeOffset.FromUnixTimeMilliseconds(first), DateTimeOffset.FromUnixTimeMilliseconds(last), times, passes, DateTimeOffset.FromUnixTimeMilliseconds(expires));
}
