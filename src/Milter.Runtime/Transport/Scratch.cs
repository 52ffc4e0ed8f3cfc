using System.Collections.Concurrent;
using Milter.Protocol;

namespace Milter.Transport;

/// <summary>What a thread reads into while it acts for connections, which hold no buffer at rest.</summary>
internal sealed class Scratch
{
    /// <summary>Some full frames: a large body comes in few reads.</summary>
    public const int Size = 256 * 1024;

    private const int MostKept = 16;

    private static readonly ConcurrentBag<Scratch> s_kept = [];

    // Pinned, so that the kernel writes into it without a pin for each read.
    public byte[] Array { get; private set; } = GC.AllocateUninitializedArray<byte>(Size, pinned: true);

    /// <summary>What the thread writes frames into, while no connection has it.</summary>
    public FrameBuffer? Output;

    public static Scratch Rent() => s_kept.TryTake(out Scratch? scratch) ? scratch : new Scratch();

    public static void Return(Scratch scratch)
    {
        if (s_kept.Count < MostKept)
        {
            s_kept.Add(scratch);
        }
    }

    /// <summary>Gives the array away: handlers that go on may look at it. The thread takes another.</summary>
    public byte[] Lend()
    {
        byte[] lent = Array;
        Array = GC.AllocateUninitializedArray<byte>(Size, pinned: true);
        return lent;
    }
}
