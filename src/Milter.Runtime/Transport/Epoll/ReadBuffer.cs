using System.Collections.Concurrent;

namespace Milter.Transport.Epoll;

/// <summary>What a thread reads into. A connection holds one only while handlers that are suspended look at it.</summary>
internal sealed class ReadBuffer(int size)
{
    /// <summary>Seven full frames and more: a large body comes in few reads.</summary>
    public const int Size = 512 * 1024;

    private const int MostKept = 16;

    private static readonly ConcurrentBag<ReadBuffer> s_kept = [];

    // Pinned, so that the kernel writes into it without a pin for each read.
    public byte[] Array { get; } = GC.AllocateUninitializedArray<byte>(size, pinned: true);

    public static ReadBuffer Rent() => s_kept.TryTake(out ReadBuffer? buffer) ? buffer : new ReadBuffer(Size);

    public static void Return(ReadBuffer buffer)
    {
        if (buffer.Array.Length == Size && s_kept.Count < MostKept)
        {
            s_kept.Add(buffer);
        }
    }

    /// <summary>Makes a buffer of twice the size with the same content.</summary>
    public ReadBuffer Grow()
    {
        var grown = new ReadBuffer(2 * Array.Length);
        Array.CopyTo(grown.Array, 0);
        return grown;
    }
}
