namespace Milter.Transport.Loops;

/// <summary>Something that the kernel tells.</summary>
/// <param name="Events">What has happened: <see cref="Read"/> and so on.</param>
/// <param name="Data">Whom it happened to.</param>
internal readonly record struct LoopEvent(uint Events, ulong Data)
{
    /// <summary>The bits of epoll.</summary>
    public const uint Read = 0x1, Write = 0x4, Error = 0x8, HangUp = 0x10, PeerHangUp = 0x2000, OnceAChange = 0x8000_0000;

    /// <summary>The data of <see cref="ILoopKernel.Wake"/>.</summary>
    public const ulong Woken = ulong.MaxValue;

    /// <summary>Makes data of a descriptor and a number that is given out once: descriptors are given out again and again, and an event may come late.</summary>
    public static ulong DataOf(int descriptor, uint serial) => ((ulong)serial << 32) | (uint)descriptor;

    public int Descriptor => (int)(uint)Data;

    public uint Serial => (uint)(Data >> 32);
}
