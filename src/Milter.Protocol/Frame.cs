namespace Milter.Protocol;

/// <summary>One frame off the wire: a code byte and its payload.</summary>
/// <remarks>The payload is a view of the buffer that was read: it is valid as long as that buffer is.</remarks>
/// <param name="code">The code byte, <c>SMFIC_*</c> or <c>SMFIR_*</c>; any value.</param>
/// <param name="payload">The bytes after the code; may be empty.</param>
public readonly ref struct Frame(byte code, ReadOnlySpan<byte> payload)
{
    /// <summary>Gets the byte after the length, whether or not it is one that the protocol knows.</summary>
    public byte Code { get; } = code;

    /// <summary>Gets the bytes after the code byte.</summary>
    public ReadOnlySpan<byte> Payload { get; } = payload;

    /// <summary>Gets <see cref="Code"/> as what an MTA sends; not checked to be defined.</summary>
    public MilterCommand Command => (MilterCommand)Code;

    /// <summary>Gets <see cref="Code"/> as what a filter sends; not checked to be defined.</summary>
    public MilterReply Reply => (MilterReply)Code;
}
