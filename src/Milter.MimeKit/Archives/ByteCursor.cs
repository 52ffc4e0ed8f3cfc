using System.Buffers.Binary;

namespace Milter.Mime.Archives;

/// <summary>Reads numbers and names of archive headers from bytes, one behind the other.</summary>
/// <remarks>Where there is less than is asked for, or a number is larger than it can be, it is an <see cref="InvalidDataException"/>.</remarks>
internal ref struct ByteCursor(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly int Left => _rest.Length;

    public static InvalidDataException Broken() => new("It can't be read.");

    public ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > _rest.Length)
        {
            throw Broken();
        }

        ReadOnlySpan<byte> taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    public long Int64()
    {
        long value = BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));
        return value >= 0 ? value : throw Broken();
    }

    /// <summary>Reads a number of seven bits a byte, the lowest first (RAR 5).</summary>
    public long SevenBits()
    {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7)
        {
            byte next = Byte();
            value |= (long)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Broken();
    }

    /// <summary>Reads a number whose first byte says by its leading ones how many follow (7z).</summary>
    public long Prefixed()
    {
        byte first = Byte();
        long value = 0;
        byte mask = 0x80;
        for (int i = 0; i < 8; i++, mask >>= 1)
        {
            if ((first & mask) == 0)
            {
                value += (long)(first & (mask - 1)) << (8 * i);
                break;
            }

            value |= (long)Byte() << (8 * i);
        }

        return value >= 0 ? value : throw Broken();
    }

    /// <summary>Reads how many things follow, each of which takes a byte at least.</summary>
    public int Count()
    {
        long count = Prefixed();
        return count <= _rest.Length ? (int)count : throw Broken();
    }
}
