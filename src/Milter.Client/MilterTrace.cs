namespace Milter.Client;

/// <summary>Is shown a frame of a conversation.</summary>
/// <param name="fromFilter">Whether the filter sent it; otherwise the MTA did.</param>
/// <param name="code">Its code byte.</param>
/// <param name="payload">The bytes after the code; valid during the call.</param>
public delegate void MilterTrace(bool fromFilter, byte code, ReadOnlySpan<byte> payload);
