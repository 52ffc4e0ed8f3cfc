using Milter.Protocol;

namespace Milter.Output;

/// <summary>A part of an answer that is too large for a buffer: its frames are made as the peer takes them. It is complete and checked before the first byte leaves.</summary>
internal abstract class OutSource : IDisposable
{
    /// <summary>Writes the next frames: whole ones, one at least.</summary>
    /// <param name="output">An empty buffer.</param>
    /// <param name="room">How many bytes there is room for; one frame of the usual limit fits.</param>
    /// <returns>Whether more is to come.</returns>
    public abstract bool Fill(FrameBuffer output, int room);

    /// <summary>Names the bytes that go out next where they are, so that nobody copies them. What was named and not sent is named again.</summary>
    /// <param name="pieces">Gets them, as far as there is room.</param>
    /// <returns>How many pieces; none where the next frame has to be made by <see cref="Fill"/>.</returns>
    public virtual int Name(Span<ReadOnlyMemory<byte>> pieces) => 0;

    /// <summary>Bytes that were named have been sent.</summary>
    /// <param name="count">How many.</param>
    /// <returns>Whether more is to come.</returns>
    public virtual bool Sent(int count) => throw new NotSupportedException();

    /// <summary>Gets how many bytes in memory wait to be named, for who looks for a peer that keeps much of it.</summary>
    public virtual long Held => 0;

    public abstract void Dispose();
}
