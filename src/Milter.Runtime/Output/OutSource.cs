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

    public abstract void Dispose();
}
