namespace Milter;

/// <summary>A service that a filter can't do without, for a check before the first message.</summary>
/// <param name="Type">The type that is asked for.</param>
/// <param name="Member">Who takes it, as people write it: <c>ExternalTagger(rules)</c> for the constructor, <c>End(store)</c> for a handler.</param>
public readonly record struct MilterService(Type Type, string Member)
{
    /// <summary>Gets the key of a keyed service (<c>[FromKeyedServices]</c>); <see langword="null"/> where it has none.</summary>
    public object? Key { get; init; }

    /// <summary>Gets a value indicating whether a handler takes it (<see cref="FromServicesAttribute"/>) and not the constructor.</summary>
    public bool IsForHandler { get; init; }
}
