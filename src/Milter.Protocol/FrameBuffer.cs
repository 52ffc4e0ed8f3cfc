using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Milter.Protocol;

/// <summary>A growing buffer for frames on their way out, in memory of <see cref="ArrayPool{T}.Shared"/> up to 1 MiB, and beyond that in arrays that are given up.</summary>
/// <remarks>
/// Once its array is large enough, writing allocates nothing. Not safe for several threads at once. Spans and memories that
/// it hands out are valid until the next write, <see cref="Trim"/> or <see cref="Dispose"/>; do not write a buffer's own
/// bytes into it again.
/// </remarks>
public sealed class FrameBuffer : IBufferWriter<byte>, IDisposable
{
    private const int FirstCapacity = 256;

    // What is larger would stay in the pool for as long as the process lives.
    private const int LargestPooled = 1024 * 1024;

    private byte[] _array = [];

    private int _end;
    private bool _disposed;

    /// <summary>Makes an empty buffer.</summary>
    /// <param name="initialCapacity">Bytes to rent at once; 0, the default, rents nothing before the first write.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="initialCapacity"/> is negative.</exception>
    public FrameBuffer(int initialCapacity = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(initialCapacity);
        if (initialCapacity > 0)
        {
            _array = Rent(initialCapacity);
        }
    }

    /// <summary>Gets the bytes written since the start or the last <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _array.AsMemory(0, _end);

    /// <summary>Gets the bytes written since the start or the last <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> WrittenSpan => _array.AsSpan(0, _end);

    /// <summary>Gets the number of bytes written.</summary>
    public int Length => _end;

    /// <summary>Gets the bytes that fit before the buffer has to grow, those written included.</summary>
    public int Capacity => _array.Length;

    /// <summary>Drops what was written and keeps the array.</summary>
    public void Clear() => _end = 0;

    /// <summary>Takes what another buffer has written after what this one has, and leaves the other empty.</summary>
    /// <remarks>Where this buffer is empty, the two exchange their arrays: the other's bytes are not copied.</remarks>
    /// <param name="other">The other buffer.</param>
    /// <exception cref="ArgumentException"><paramref name="other"/> is this buffer.</exception>
    public void TakeFrom(FrameBuffer other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (ReferenceEquals(this, other))
        {
            throw new ArgumentException("A buffer can't take from itself.", nameof(other));
        }

        if (_end == 0 && !_disposed)
        {
            (_array, other._array) = (other._array, _array);
            _end = other._end;
        }
        else
        {
            other.WrittenSpan.CopyTo(GetSpan(other.Length));
            _end += other.Length;
        }

        other.Clear();
    }

    /// <summary>Gives the array back to the pool when it is larger than <paramref name="keepCapacity"/> bytes.</summary>
    /// <remarks>For an idle connection after a large message. Does nothing while bytes are written: <see cref="Clear"/> first.</remarks>
    /// <param name="keepCapacity">The largest array to keep, in bytes; the pool's arrays are powers of two. 0 keeps none.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="keepCapacity"/> is negative.</exception>
    public void Trim(int keepCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(keepCapacity);
        if (Length == 0 && _array.Length > keepCapacity)
        {
            ReturnArray();
        }
    }

    /// <summary>Drops what was written after the first <paramref name="length"/> bytes: the way back after a failure.</summary>
    /// <param name="length">An earlier <see cref="Length"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative or above <see cref="Length"/>.</exception>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        _end = length;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative or more than was handed out.</exception>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _array.Length - _end);
        _end += count;
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The buffer was disposed of.</exception>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        EnsureFree(Math.Max(sizeHint, 1));
        return _array.AsMemory(_end);
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The buffer was disposed of.</exception>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        EnsureFree(Math.Max(sizeHint, 1));
        return _array.AsSpan(_end);
    }

    /// <summary>Writes a frame without payload: 5 bytes.</summary>
    /// <param name="code">The code byte, <c>SMFIC_*</c> or <c>SMFIR_*</c>.</param>
    /// <exception cref="ObjectDisposedException">The buffer was disposed of.</exception>
    public void WriteFrame(byte code) => AddFrame(code, 0);

    /// <summary>Writes a frame with the payload as it is: nothing is checked or added.</summary>
    /// <param name="code">The code byte, <c>SMFIC_*</c> or <c>SMFIR_*</c>.</param>
    /// <param name="payload">The bytes after the code. Receivers take at most <see cref="MilterLimits.MaxPayload"/> unless more was negotiated.</param>
    /// <exception cref="ObjectDisposedException">The buffer was disposed of.</exception>
    public void WriteFrame(byte code, ReadOnlySpan<byte> payload) => payload.CopyTo(AddFrame(code, payload.Length));

    /// <summary>Gives the array back to the pool. Writing afterwards fails.</summary>
    public void Dispose()
    {
        _disposed = true;
        ReturnArray();
    }

    /// <summary>Writes length and code, and hands out the payload to be filled completely.</summary>
    internal Span<byte> AddFrame(byte code, int payloadLength)
    {
        EnsureFree((long)MilterLimits.FrameHeader + payloadLength);
        Span<byte> frame = _array.AsSpan(_end, MilterLimits.FrameHeader + payloadLength);
        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)payloadLength + 1);
        frame[4] = code;
        _end += frame.Length;
        return frame[MilterLimits.FrameHeader..];
    }

    /// <summary>Lengthens the last frame, which starts at <paramref name="frameStart"/>, and hands out the new end of its payload.</summary>
    internal Span<byte> ExtendFrame(int frameStart, int count)
    {
        EnsureFree(count);
        Span<byte> added = _array.AsSpan(_end, count);
        _end += count;
        BinaryPrimitives.WriteUInt32BigEndian(_array.AsSpan(frameStart), (uint)(Length - frameStart - 4));
        return added;
    }

    private void EnsureFree(long count)
    {
        if (_array.Length - _end < count)
        {
            Grow(count);
        }
    }

    private void Grow(long count)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        long needed = _end + count;
        if (needed > Array.MaxLength)
        {
            ThrowTooLarge(needed);
        }

        long wanted = Math.Max(needed, Math.Max(FirstCapacity, Math.Min(2L * _array.Length, Array.MaxLength)));
        byte[] larger = Rent((int)wanted);
        WrittenSpan.CopyTo(larger);
        int end = _end;
        ReturnArray();
        (_array, _end) = (larger, end);
    }

    private static byte[] Rent(int length) => length <= LargestPooled ? ArrayPool<byte>.Shared.Rent(length) : GC.AllocateUninitializedArray<byte>(length);

    private void ReturnArray()
    {
        byte[] array = _array;
        (_array, _end) = ([], 0);
        if (array.Length is > 0 and <= LargestPooled)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    [DoesNotReturn]
    private static void ThrowTooLarge(long needed) =>
        throw new InvalidOperationException($"The buffer would need {needed} bytes, more than an array holds ({Array.MaxLength}). Send and clear it before writing more.");
}
