namespace Milter.Conformance.Tests.Plans;

/// <summary>Chance that comes out the same for the same seed.</summary>
internal sealed class Dice(int seed)
{
    private readonly Random _random = new(seed);

    public bool Chance(int percent) => _random.Next(100) < percent;

    public int Number(int least, int most) => _random.Next(least, most + 1);

    public T One<T>(params ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];

    public void Shuffle<T>(Span<T> items) => _random.Shuffle(items);

    /// <summary>A mask with each of the bits set with this chance.</summary>
    public uint Bits(uint bits, int percent)
    {
        uint mask = 0;
        for (uint bit = 1; bit != 0; bit <<= 1)
        {
            mask |= (bits & bit) != 0 && Chance(percent) ? bit : 0;
        }

        return mask;
    }

    /// <summary>That many characters, each of them a byte; lines of text with CR LF, cut where the number ends.</summary>
    public string Body(int length) => string.Create(length, _random, static (body, random) =>
    {
        int column = 0;
        int width = random.Next(1, 80);
        for (int i = 0; i < body.Length; i++)
        {
            body[i] = column < width ? (char)random.Next(' ', 256) : column == width ? '\r' : '\n';
            (column, width) = column > width ? (0, random.Next(1, 80)) : (column + 1, width);
        }
    });
}
