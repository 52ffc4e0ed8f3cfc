using System.Runtime.CompilerServices;
using Milter.Protocol;

namespace Milter.Session;

/// <summary>Cuts what was read into frames, and counts it.</summary>
/// <remarks>A part of the conversation that keeps it.</remarks>
internal struct InputFrames
{
    private int _start;
    private int _next;

    // Bytes of frames that nobody was told of: of inputs before, and up to where that was asked last in this one.
    private long _untold;
    private int _told;

    /// <summary>Gets how many bytes of the input are used up.</summary>
    public readonly int Consumed => _next - _start;

    /// <summary>Something was read; what came before it is handled.</summary>
    /// <param name="start">Where it begins in the reader's array.</param>
    public void Begin(int start)
    {
        _untold += Consumed - _told;
        _told = 0;
        (_start, _next) = (start, start);
    }

    /// <summary>Takes the next frame.</summary>
    /// <param name="frame">Gets it.</param>
    /// <param name="array">The reader's array.</param>
    /// <param name="end">Where what was read ends in it.</param>
    /// <param name="maxPayload">The most payload bytes to accept.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FrameStatus Next(StepFrame frame, byte[] array, int end, int maxPayload)
    {
        int at = _next;
        FrameStatus status = FrameReader.Measure(array.AsSpan(at, end - at), maxPayload, out int length);
        if (status == FrameStatus.Complete)
        {
            _next = at + length;
            frame.Set(array, at + MilterLimits.FrameHeader, length - MilterLimits.FrameHeader);
        }

        return status;
    }

    /// <summary>Says what stands where no frame was found.</summary>
    public readonly ReadOnlySpan<byte> Rest(byte[] array, int end) => array.AsSpan(_next, end - _next);

    /// <summary>Says how many bytes of frames were taken since it was last asked.</summary>
    public long TakeReceived()
    {
        long received = _untold + Consumed - _told;
        (_untold, _told) = (0, Consumed);
        return received;
    }
}
