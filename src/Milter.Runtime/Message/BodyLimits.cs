namespace Milter.Message;

/// <summary>How much of a body is kept, and where.</summary>
/// <param name="MemoryThreshold">Bytes kept in memory; a longer body goes to a file.</param>
/// <param name="Cap">Bytes kept at all; a longer body is not available.</param>
/// <param name="SpoolFolder">Where the file is made; <see langword="null"/> for the system's folder for temporary files.</param>
internal sealed record BodyLimits(int MemoryThreshold, long Cap, string? SpoolFolder)
{
    /// <summary>256 KiB in memory, 64 MiB at all.</summary>
    public static BodyLimits Default { get; } = new(256 * 1024, 64L * 1024 * 1024, null);
}
