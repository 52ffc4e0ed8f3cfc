namespace Milter.Output;

/// <summary>A sink that takes bytes from several places at once, so that they need not be copied into one.</summary>
internal interface IGatheringSink : IByteSink
{
    /// <summary>Writes pieces, one after another, as far as they go out at once.</summary>
    /// <param name="pieces">The bytes; the caller's again on return. No more than <see cref="MostPieces"/>.</param>
    /// <returns>How many bytes were taken. None: the sink tells when it takes more. Once the peer takes none any more all are taken, and dropped.</returns>
    int TryWrite(ReadOnlySpan<ReadOnlyMemory<byte>> pieces);

    /// <summary>How many pieces are taken at once.</summary>
    const int MostPieces = 16;
}
