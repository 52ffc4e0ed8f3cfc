using System.Buffers.Binary;
using System.Text;
using Milter.Samples.Probe;

namespace Milter.Mime.Tests;

/// <summary>Archives in both formats of RAR, whose files are stored: no free program makes them.</summary>
internal static class StoredRar
{
    private const int HasData = 2, HasChecksum = 4;

    /// <summary>RAR 1.5 to 4: blocks with fields of fixed width.</summary>
    /// <param name="files">The files; a char of a name is a byte.</param>
    /// <param name="hasUnicode">Whether each name has another one behind a NUL.</param>
    public static byte[] Old(IEnumerable<(string Name, byte[] Content)> files, bool hasUnicode = false) =>
        [.. "Rar!\u001a\u0007\0"u8, .. OldBlock(0x73, 0, new byte[6]), .. files.SelectMany(file => OldFile(file, hasUnicode)), .. OldBlock(0x7b, 0x4000, [])];

    /// <summary>RAR 5: blocks with numbers of seven bits a byte.</summary>
    public static byte[] New(IEnumerable<(string Name, byte[] Content)> files) =>
        [.. "Rar!\u001a\u0007\u0001\0"u8, .. NewBlock([1, 0, 0]), .. files.SelectMany(NewFile), .. NewBlock([5, 0, 0])];

    private static byte[] OldFile((string Name, byte[] Content) file, bool hasUnicode)
    {
        byte[] name = Encoding.Latin1.GetBytes(file.Name);
        byte[] size = Number(file.Content.Length);
        byte[] header = [.. size, .. size, 3, .. Number((int)Crc32.Append(0, file.Content)), .. Number(0x5c210000), 20, 0x30, (byte)name.Length, 0, .. Number(0x81a4), .. name];
        return [.. OldBlock(0x74, (ushort)(hasUnicode ? 0x8200 : 0x8000), header), .. file.Content];
    }

    private static byte[] OldBlock(byte type, ushort flags, byte[] content)
    {
        byte[] block = [0, 0, type, (byte)flags, (byte)(flags >> 8), 0, 0, .. content];
        BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(5), (ushort)block.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(block, (ushort)Crc32.Append(0, block.AsSpan(2)));
        return block;
    }

    private static byte[] NewFile((string Name, byte[] Content) file)
    {
        byte[] name = Encoding.UTF8.GetBytes(file.Name);
        byte[] header = [2, HasData, .. Seven(file.Content.Length), HasChecksum, .. Seven(file.Content.Length), .. Seven(0x81a4), .. Number((int)Crc32.Append(0, file.Content)), 0, 1, .. Seven(name.Length), .. name];
        return [.. NewBlock(header), .. file.Content];
    }

    private static byte[] NewBlock(byte[] header)
    {
        byte[] sized = [.. Seven(header.Length), .. header];
        return [.. Number((int)Crc32.Append(0, sized)), .. sized];
    }

    private static byte[] Number(int value)
    {
        byte[] bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static List<byte> Seven(int value)
    {
        var bytes = new List<byte>();
        for (; value > 0x7f; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return bytes;
    }
}
