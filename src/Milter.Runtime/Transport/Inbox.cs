using System.Buffers;
using Milter.Limits;

namespace Milter.Transport;

/// <summary>What was read from a connection and not yet used up: the beginning of a frame, or what waits while handlers run or the peer takes nothing.</summary>
/// <remarks>Empty at rest. It grows with the bytes that have arrived, never on the word of a length field.</remarks>
/// <param name="memory">Where its bytes are counted.</param>
internal sealed class Inbox(ByteBudget memory)
{
    private byte[] _array = [];
    private int _start;
    private int _end;
    private bool _isPooled;

    public ReadOnlyMemory<byte> Unread => _array.AsMemory(_start, _end - _start);

    public bool IsEmpty => _start == _end;

    /// <summary>Keeps a copy of bytes, where nothing is kept yet.</summary>
    public void Keep(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            Take(ArrayPool<byte>.Shared.Rent(bytes.Length), 0, bytes.Length, isPooled: true);
            bytes.CopyTo(_array);
        }
    }

    /// <summary>Keeps an array that was lent, since handlers look at it.</summary>
    public void KeepLent(byte[] array, int start, int end) => Take(array, start, end, isPooled: false);

    /// <summary>Drops bytes from the front.</summary>
    /// <param name="count">How many.</param>
    /// <param name="isLent">Whether handlers look at them for longer: the array never goes where another connection could get it.</param>
    public void Consume(int count, bool isLent)
    {
        _isPooled &= !isLent;
        _start += count;
        if (IsEmpty)
        {
            Release();
        }
    }

    /// <summary>Finds room to read into, behind what is kept.</summary>
    /// <param name="scratch">The caller's own array. Where little is kept it goes there, and nothing is kept any more.</param>
    /// <param name="kept">How many bytes of what is kept now stand in the caller's array.</param>
    /// <returns>The room; in the caller's array where that has the bytes that were kept.</returns>
    public Memory<byte> Room(byte[] scratch, out int kept)
    {
        if (IsEmpty)
        {
            // Nearly always: a peer sends whole frames, and all that came was used up.
            kept = 0;
            return scratch;
        }

        kept = _end - _start;
        if (kept <= scratch.Length / 2)
        {
            Unread.Span.CopyTo(scratch);
            Release();
            return scratch.AsMemory(kept);
        }

        kept = 0;
        if (_array.Length - _end < scratch.Length / 2)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(2 * (_end - _start));
            int length = _end - _start;
            Unread.Span.CopyTo(larger);
            Release();
            Take(larger, 0, length, isPooled: true);
        }

        return _array.AsMemory(_end);
    }

    /// <summary>Adds what was read into the room behind what is kept.</summary>
    public void Commit(int count) => _end += count;

    /// <summary>Goes on with a copy of bytes. What was kept is left to handlers that are late.</summary>
    public void Replace(ReadOnlySpan<byte> bytes)
    {
        byte[] copy = bytes.ToArray();
        _isPooled = false;
        Release();
        if (copy.Length > 0)
        {
            Take(copy, 0, copy.Length, isPooled: false);
        }
    }

    public void Release()
    {
        memory.Add(-_array.Length);
        if (_isPooled)
        {
            ArrayPool<byte>.Shared.Return(_array);
        }

        (_array, _start, _end, _isPooled) = ([], 0, 0, false);
    }

    private void Take(byte[] array, int start, int end, bool isPooled)
    {
        (_array, _start, _end, _isPooled) = (array, start, end, isPooled);
        memory.Add(array.Length);
    }
}
