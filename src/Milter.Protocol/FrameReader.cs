using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Milter.Protocol;

/// <summary>Cuts a stream of bytes into frames: length (<c>uint32</c>, big endian, counts code and payload), code, payload.</summary>
public static class FrameReader
{
    private const int LengthBytes = 4;

    /// <summary>Looks for one frame at the front of <paramref name="buffer"/>.</summary>
    /// <remarks>
    /// The length is judged as soon as its 4 bytes are there, before any payload is waited for, and as an unsigned number:
    /// nobody has to make room on the word of a length field.
    /// </remarks>
    /// <param name="buffer">The bytes received and not yet consumed.</param>
    /// <param name="maxPayload">The most payload bytes to accept, such as <see cref="MilterLimits.MaxPayload"/>; from 0 to 2,147,483,642.</param>
    /// <param name="frame">The frame when <see cref="FrameStatus.Complete"/>; its payload is a slice of <paramref name="buffer"/>.</param>
    /// <param name="frameLength">
    /// When complete, the bytes to consume. When incomplete, the bytes that the whole frame needs, or 0 while its length has
    /// not arrived. Otherwise 0.
    /// </param>
    /// <returns>What was found. After <see cref="FrameStatus.Empty"/> or <see cref="FrameStatus.TooLong"/> the stream can't be read further.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxPayload"/> is negative or so large that a frame would not fit an <see cref="int"/>.</exception>
    public static FrameStatus TryRead(ReadOnlySpan<byte> buffer, int maxPayload, out Frame frame, out int frameLength)
    {
        FrameStatus status = Measure(buffer, maxPayload, out frameLength);
        frame = status == FrameStatus.Complete ? new Frame(buffer[LengthBytes], buffer[MilterLimits.FrameHeader..frameLength]) : default;
        return status;
    }

    /// <summary>Looks for one frame as <see cref="TryRead"/> does, for callers that take it apart by themselves: its code is the fifth byte, the payload what follows.</summary>
    /// <inheritdoc cref="TryRead" path="/param[@name='buffer' or @name='maxPayload' or @name='frameLength']"/>
    /// <returns>What was found. After <see cref="FrameStatus.Empty"/> or <see cref="FrameStatus.TooLong"/> the stream can't be read further.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxPayload"/> is negative or so large that a frame would not fit an <see cref="int"/>.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FrameStatus Measure(ReadOnlySpan<byte> buffer, int maxPayload, out int frameLength)
    {
        if ((uint)maxPayload > int.MaxValue - MilterLimits.FrameHeader)
        {
            ThrowMaxPayload(maxPayload);
        }

        frameLength = 0;
        if (buffer.Length < LengthBytes)
        {
            return FrameStatus.Incomplete;
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(buffer);
        if (length - 1 > (uint)maxPayload)
        {
            return length == 0 ? FrameStatus.Empty : FrameStatus.TooLong;
        }

        frameLength = LengthBytes + (int)length;
        return buffer.Length < frameLength ? FrameStatus.Incomplete : FrameStatus.Complete;
    }

    [DoesNotReturn]
    private static void ThrowMaxPayload(int maxPayload) =>
        throw new ArgumentOutOfRangeException(nameof(maxPayload), maxPayload, "The payload limit must be from 0 to 2147483642 bytes.");
}
