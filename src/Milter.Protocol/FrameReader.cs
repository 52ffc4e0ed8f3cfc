using System.Buffers.Binary;

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
        if ((uint)maxPayload > int.MaxValue - MilterLimits.FrameHeader)
        {
            throw new ArgumentOutOfRangeException(nameof(maxPayload), maxPayload, "The payload limit must be from 0 to 2147483642 bytes.");
        }

        frame = default;
        frameLength = 0;
        if (buffer.Length < LengthBytes)
        {
            return FrameStatus.Incomplete;
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(buffer);
        if (length == 0)
        {
            return FrameStatus.Empty;
        }

        if (length - 1 > (uint)maxPayload)
        {
            return FrameStatus.TooLong;
        }

        frameLength = LengthBytes + (int)length;
        if (buffer.Length < frameLength)
        {
            return FrameStatus.Incomplete;
        }

        frame = new Frame(buffer[LengthBytes], buffer[MilterLimits.FrameHeader..frameLength]);
        return FrameStatus.Complete;
    }
}
