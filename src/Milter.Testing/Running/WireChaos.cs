using System.Globalization;
using Milter.Client;

namespace Milter.Testing;

/// <summary>What a bad network does, from one seed, and what it has done.</summary>
/// <remarks>Each direction has its own numbers, and answers are cut at places of the stream: what is done depends on what is said, never on who is quicker.</remarks>
internal sealed class WireChaos(int seed)
{
#pragma warning disable CA5394 // No secret depends on it; it has to be the same again.
    private readonly Random _toFilter = new(seed);
    private readonly Random _fromFilter = new(seed ^ 0x2545_F491);
    private readonly List<string> _done = [];
    private int _taken;
    private int _untilCut;

    /// <summary>Gets a value indicating whether the session ends without QUIT.</summary>
    public bool LosesQuit { get; } = new Random(~seed).Next(3) == 0;

    /// <summary>Takes the next piece to the filter off the front.</summary>
    /// <param name="rest">What is still to be sent.</param>
    /// <param name="delay">How late it is.</param>
    public ReadOnlyMemory<byte> Cut(ref ReadOnlyMemory<byte> rest, out TimeSpan delay)
    {
        delay = TimeSpan.Zero;
        if (rest.IsEmpty)
        {
            return rest;
        }

        int length = Math.Min(rest.Length, _toFilter.Next(4) switch
        {
            0 => 1,
            1 => _toFilter.Next(1, 8),
            2 => _toFilter.Next(1, 4096),
            _ => rest.Length,
        });
        delay = _toFilter.Next(6) switch
        {
            0 => TimeSpan.FromMilliseconds(_toFilter.Next(1, 50)),
            1 => TimeSpan.FromMilliseconds(_toFilter.Next(50, 3000)),
            _ => TimeSpan.Zero,
        };
        string late = delay == TimeSpan.Zero ? "" : string.Create(CultureInfo.InvariantCulture, $", {delay.TotalMilliseconds} ms late");
        _done.Add($"to the filter: {Counted.Of(length, "byte")}{late}");
        ReadOnlyMemory<byte> piece = rest[..length];
        rest = rest[length..];
        return piece;
    }

    /// <summary>Says how much of the filter's answers comes in one piece.</summary>
    public int Take(int available)
    {
        if (_untilCut == 0)
        {
            _untilCut = _fromFilter.Next(3) switch { 0 => 1, 1 => _fromFilter.Next(1, 8), _ => _fromFilter.Next(8, 512) };
        }

        int count = Math.Min(available, _untilCut);
        _taken += count;
        _untilCut -= count;
        if (_untilCut == 0)
        {
            _done.Add($"from the filter: cut after byte {_taken}");
        }

        return count;
    }

    /// <summary>Takes what was done since it was last asked.</summary>
    public IReadOnlyList<string> Taken()
    {
        string[] done = [.. _done];
        _done.Clear();
        return done;
    }
#pragma warning restore CA5394
}
