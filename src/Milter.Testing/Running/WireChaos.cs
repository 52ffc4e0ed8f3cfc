namespace Milter.Testing;

/// <summary>What a bad network does, from one seed.</summary>
internal sealed class WireChaos(int seed)
{
#pragma warning disable CA5394 // No secret depends on it; it has to be the same again.
    private readonly Random _random = new(seed);

    /// <summary>Gets a value indicating whether the session ends without QUIT.</summary>
    public bool LosesQuit { get; } = new Random(~seed).Next(3) == 0;

    /// <summary>Takes the next piece off the front.</summary>
    public ReadOnlyMemory<byte> Cut(ref ReadOnlyMemory<byte> rest)
    {
        int length = _random.Next(4) switch
        {
            0 => 1,
            1 => _random.Next(1, 8),
            2 => _random.Next(1, 4096),
            _ => rest.Length,
        };
        ReadOnlyMemory<byte> piece = rest[..Math.Min(length, rest.Length)];
        rest = rest[piece.Length..];
        return piece;
    }

    public bool Pauses() => _random.Next(3) == 0;

    public int ReadAtMost(int most) => _random.Next(2) == 0 ? Math.Min(most, _random.Next(1, 16)) : most;
#pragma warning restore CA5394
}
