namespace Milter.Mime.Reading;

/// <summary>Bytes that hold parts: the message, or a message within it that was encoded.</summary>
/// <param name="Stream">The bytes, seekable.</param>
/// <param name="Depth">How deep its first part stands.</param>
internal sealed record PartSource(Stream Stream, int Depth)
{
    /// <summary>Gets the places of boundary lines that were taken for such.</summary>
    public HashSet<long> Boundaries { get; } = [];

    /// <summary>Gets or sets a value indicating whether the first line ends in CR LF; <see langword="null"/> as long as there is none.</summary>
    public bool? UsesCrLf { get; set; }
}
