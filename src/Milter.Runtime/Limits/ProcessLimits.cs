namespace Milter.Limits;

/// <summary>What all connections of a process share, whichever milter serves them.</summary>
/// <param name="options">The limits.</param>
internal sealed class ProcessLimits(MilterOptions options)
{
    // A peer that takes nothing for this long owes its memory to others once it is scarce.
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Gets the memory for what is unsent, kept of input, and collected.</summary>
    public ByteBudget Memory { get; } = new(options.MemoryBudget > 0 ? options.MemoryBudget : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);

    /// <summary>Says whether a body may take so much more memory: bodies, which have files to go to, leave half of it to what has not.</summary>
    /// <param name="bytes">How many bytes.</param>
    public bool HasRoomForBody(long bytes) => Memory.Limit <= 0 || Memory.Used + bytes <= Memory.Limit / 2;

    /// <summary>Gets the arrays for bodies in memory.</summary>
    public SegmentPool Segments { get; } = new();

    /// <summary>Gets the bytes in temporary files.</summary>
    public ByteBudget Spool { get; } = new(options.SpoolBudget);

    /// <summary>Gets the handlers that are left behind.</summary>
    public LateHandlers Late { get; } = new(options.MaxLateHandlers);
}
