namespace Milter.Policy;

/// <summary>A key that a store keeps, for people to look at.</summary>
/// <param name="List">The list that it is in.</param>
/// <param name="Key">The key as it is kept: a digest where keys are hashed.</param>
/// <param name="Sighting">What is known of its sightings; <see langword="null"/> of a counter.</param>
/// <param name="Total">What a counter has counted; 0 of a sighting.</param>
/// <param name="Expires">When it will be forgotten; of a counter, when its window ends.</param>
public sealed record StoredKey(string List, string Key, Sighting? Sighting, long Total, DateTimeOffset Expires);
