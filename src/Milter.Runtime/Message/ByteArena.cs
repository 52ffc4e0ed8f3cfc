using System.Text;
using Milter.Protocol;

namespace Milter.Message;

/// <summary>A place in a <see cref="ByteArena"/>.</summary>
internal readonly record struct Slice(int Start, int Length);

/// <summary>Bytes copied one after another into one array, which is kept from message to message.</summary>
/// <remarks>Its array comes from the heap and not from a pool: who reads late reads old bytes of the same connection, never another's.</remarks>
internal sealed class ByteArena
{
    /// <summary>The longest array that is kept over a <see cref="Clear"/>: an idle connection should not hold the memory of its largest message.</summary>
    private const int KeptCapacity = 16 * 1024;

    // An address, or the client of a connection.
    private const int LeastCapacity = 64;

    private byte[] _bytes = [];
    private int _length;

    public int Length => _length;

    /// <summary>Gets the bytes that fit before it has to grow.</summary>
    public int Capacity => _bytes.Length;

    public ReadOnlySpan<byte> this[Slice slice] => _bytes.AsSpan(slice.Start, slice.Length);

    public Slice Add(ReadOnlySpan<byte> bytes)
    {
        int start = _length;
        bytes.CopyTo(Reserve(bytes.Length));
        return new Slice(start, bytes.Length);
    }

    public Slice Add(string text)
    {
        int start = _length;
        Span<byte> room = Reserve(WireText.GetByteCount(text));
        WireText.GetBytes(text, room);
        return new Slice(start, room.Length);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _length = 0;
        if (_bytes.Length > KeptCapacity)
        {
            _bytes = [];
        }
    }

    private Span<byte> Reserve(int count)
    {
        int needed = checked(_length + count);
        if (needed > _bytes.Length)
        {
            int doubled = (int)Math.Min(2L * _bytes.Length, Array.MaxLength);
            Array.Resize(ref _bytes, Math.Max(needed, Math.Max(LeastCapacity, doubled)));
        }

        Span<byte> room = _bytes.AsSpan(_length, count);
        _length = needed;
        return room;
    }
}
