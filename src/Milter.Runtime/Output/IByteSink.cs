namespace Milter.Output;

/// <summary>What takes bytes without waiting.</summary>
internal interface IByteSink
{
    /// <summary>Writes as much as goes out at once.</summary>
    /// <param name="bytes">The bytes; the caller's again on return.</param>
    /// <returns>How many were taken. Fewer than all: the sink tells when it takes more. Once the peer takes none any more all are taken, and dropped.</returns>
    int TryWrite(ReadOnlySpan<byte> bytes);
}
