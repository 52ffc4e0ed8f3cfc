using System.Numerics;
using System.Runtime.CompilerServices;

namespace Milter.Networks;

/// <summary>Ranges of addresses as a tree with a level for each byte: a look-up takes at most as many steps as an address has bytes, however many ranges there are.</summary>
/// <remarks>A node has a bit for each value of its byte, twice: whether all addresses below it are in, and whether some are. Children of a node stand side by side, so that the node needs only where they begin.</remarks>
internal sealed class AddressTrie
{
    private readonly Node[] _nodes;

    /// <param name="ranges">The ranges, in any order; they may overlap.</param>
    /// <param name="length">How many bytes an address has.</param>
    public AddressTrie(IEnumerable<AddressRange> ranges, int length)
    {
        List<AddressRange> merged = Merge(ranges);
        var nodes = new List<Node>();
        var work = new Queue<Part>();
        work.Enqueue(new Part(0, 0, 0, merged.Count));
        int reserved = 1;
        while (work.TryDequeue(out Part part))
        {
            var node = new Node { FirstChild = reserved };
            int from = part.From;
            for (int value = 0; value < 256; value++)
            {
                int shift = 120 - (8 * part.Level);
                UInt128 first = part.Start | ((UInt128)(uint)value << shift);
                UInt128 last = first | (((UInt128)1 << shift) - 1);
                while (from < part.To && merged[from].Last < first)
                {
                    from++;
                }

                if (from == part.To || merged[from].First > last)
                {
                    continue;
                }

                // Merged ranges do not touch, so what is wholly in is in one of them. At the last level a value is an address and its unused bits.
                if (merged[from].First <= first && merged[from].Last >= last)
                {
                    node.Whole[value >> 6] |= 1UL << (value & 63);
                }
                else if (part.Level < length - 1)
                {
                    int to = from;
                    while (to < part.To && merged[to].First <= last)
                    {
                        to++;
                    }

                    node.Some[value >> 6] |= 1UL << (value & 63);
                    work.Enqueue(new Part(first, part.Level + 1, from, to));
                    reserved++;
                }
            }

            nodes.Add(node);
        }

        _nodes = [.. nodes];
    }

    public bool Contains(ReadOnlySpan<byte> address)
    {
        int at = 0;
        foreach (byte value in address)
        {
            ref readonly Node node = ref _nodes[at];
            int word = value >> 6;
            ulong bit = 1UL << (value & 63);
            if ((node.Whole[word] & bit) != 0)
            {
                return true;
            }

            if ((node.Some[word] & bit) == 0)
            {
                return false;
            }

            at = node.FirstChild + BitOperations.PopCount(node.Some[word] & (bit - 1));
            for (int i = 0; i < word; i++)
            {
                at += BitOperations.PopCount(node.Some[i]);
            }
        }

        return false;
    }

    private static List<AddressRange> Merge(IEnumerable<AddressRange> ranges)
    {
        var merged = new List<AddressRange>();
        foreach (AddressRange range in ranges.OrderBy(static range => range.First))
        {
            if (merged.Count > 0 && (merged[^1].Last == UInt128.MaxValue || range.First <= merged[^1].Last + 1))
            {
                merged[^1] = merged[^1] with { Last = UInt128.Max(merged[^1].Last, range.Last) };
            }
            else
            {
                merged.Add(range);
            }
        }

        return merged;
    }

    /// <summary>The addresses that begin with the bytes of <c>Start</c> down to a level, and which of the ranges reach into them.</summary>
    private readonly record struct Part(UInt128 Start, int Level, int From, int To);

    private struct Node
    {
        public Bits Whole;
        public Bits Some;
        public int FirstChild;
    }

    [InlineArray(4)]
    private struct Bits
    {
        private ulong _first;
    }
}
