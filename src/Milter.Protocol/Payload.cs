using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Milter.Protocol;

/// <summary>The few shapes that payloads have, and the checks that keep one from being read as something else.</summary>
/// <remarks>Every method checks first and writes then: after an exception the buffer is as it was.</remarks>
internal static class Payload
{
    /// <summary>A frame without payload.</summary>
    public static void WriteEmpty(FrameBuffer buffer, byte code)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        buffer.WriteFrame(code);
    }

    /// <summary>A frame of raw bytes.</summary>
    public static void WriteBytes(FrameBuffer buffer, byte code, ReadOnlySpan<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        buffer.WriteFrame(code, bytes);
    }

    /// <summary>A frame of <c>text NUL</c>.</summary>
    public static void WriteText(FrameBuffer buffer, byte code, ReadOnlySpan<byte> text)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        PutText(buffer.AddFrame(code, Size(text.Length + 1L)), text);
    }

    /// <summary>A frame of <c>first NUL second NUL</c>.</summary>
    public static void WriteTexts(FrameBuffer buffer, byte code, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        Span<byte> payload = buffer.AddFrame(code, Size(first.Length + 1L + second.Length + 1L));
        PutText(PutText(payload, first), second);
    }

    /// <summary>A frame of <c>first NUL</c> and, unless it is empty, <c>second NUL</c>.</summary>
    public static void WriteOptional(FrameBuffer buffer, byte code, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        if (second.IsEmpty)
        {
            WriteText(buffer, code, first);
        }
        else
        {
            WriteTexts(buffer, code, first, second);
        }
    }

    /// <summary>A frame of <c>uint32 index, first NUL second NUL</c>.</summary>
    public static void WriteIndexed(FrameBuffer buffer, byte code, uint index, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        Span<byte> payload = buffer.AddFrame(code, Size(sizeof(uint) + first.Length + 1L + second.Length + 1L));
        BinaryPrimitives.WriteUInt32BigEndian(payload, index);
        PutText(PutText(payload[sizeof(uint)..], first), second);
    }

    /// <summary>Puts text and NUL at the front of <paramref name="destination"/>, gives back what follows.</summary>
    public static Span<byte> PutText(Span<byte> destination, ReadOnlySpan<byte> text)
    {
        text.CopyTo(destination);
        destination[text.Length] = 0;
        return destination[(text.Length + 1)..];
    }

    /// <summary>Puts a string and NUL at the front of <paramref name="destination"/>, gives back what follows.</summary>
    public static Span<byte> PutText(Span<byte> destination, string text)
    {
        int length = WireText.GetBytes(text, destination);
        destination[length] = 0;
        return destination[(length + 1)..];
    }

    /// <summary>Refuses a string with a NUL, and counts its bytes and the NUL after it.</summary>
    public static long CountText(string text, string what, string parameter)
    {
        ArgumentNullException.ThrowIfNull(text, parameter);
        int nul = text.IndexOf('\0', StringComparison.Ordinal);
        if (nul >= 0)
        {
            ThrowNul(nul, what, parameter);
        }

        return WireText.GetByteCount(text) + 1L;
    }

    /// <summary>Refuses a payload that receivers would not take.</summary>
    public static int Size(long payload)
    {
        if (payload > MilterLimits.MaxPayload)
        {
            ThrowTooLong(payload);
        }

        return (int)payload;
    }

    /// <summary>Refuses text with a NUL: the rest would be read as the next string.</summary>
    public static void CheckText(ReadOnlySpan<byte> text, string what, string parameter)
    {
        int nul = text.IndexOf((byte)0);
        if (nul >= 0)
        {
            ThrowNul(nul, what, parameter);
        }
    }

    /// <summary>Refuses empty text, as libmilter does, and text with a NUL.</summary>
    public static void CheckNotEmpty(ReadOnlySpan<byte> text, string what, string parameter)
    {
        if (text.IsEmpty)
        {
            ThrowEmpty(what, parameter);
        }

        CheckText(text, what, parameter);
    }

    [DoesNotReturn]
    private static void ThrowTooLong(long payload) =>
        throw new ArgumentException($"The frame would carry {payload} bytes of payload; receivers take at most {MilterLimits.MaxPayload}. Shorten what goes into it.");

    [DoesNotReturn]
    private static void ThrowNul(int at, string what, string parameter) =>
        throw new ArgumentException($"The {what} has a NUL at position {at}; on the wire a NUL ends a text. Remove it.", parameter);

    [DoesNotReturn]
    private static void ThrowEmpty(string what, string parameter) =>
        throw new ArgumentException($"The {what} is empty; it needs at least one byte.", parameter);
}
