using System.Buffers.Binary;
using System.Text;
using Milter.Mime.Names;

namespace Milter.Mime.Archives;

/// <summary>What a zip file says of a file in it, in its directory or where the data is (APPNOTE 4.3.7, 4.3.12).</summary>
internal sealed record ZipRecord(IReadOnlyList<string> Names, ushort Flags, ushort Method, long Packed, long Size, long Offset, int NameLength, int ExtraLength)
{
    public const ushort Stored = 0, Deflated = 8;
    private const ushort Encrypted = 1, SizeBehind = 8, Utf8Names = 0x800, MaskedHeaders = 0x2000, AesMethod = 99;
    private const ushort LargeExtra = 1, NameExtra = 0x7075;

    // The order in which the long sizes stand (4.5.3): only those whose short ones are all ones.
    private const long Large = uint.MaxValue;

    public bool IsEncrypted => (Flags & (Encrypted | MaskedHeaders)) != 0 || Method == AesMethod;

    public bool IsSizeBehind => (Flags & SizeBehind) != 0;

    public bool IsFolder => Names[0].EndsWith('/');

    public static ZipRecord OfCentral(ReadOnlySpan<byte> bytes) => Of(bytes, 6, 46, BinaryPrimitives.ReadUInt32LittleEndian(bytes[42..]), isCentral: true);

    public static ZipRecord OfLocal(ReadOnlySpan<byte> bytes, long place) => Of(bytes, 4, 30, place, isCentral: false);

    private static ZipRecord Of(ReadOnlySpan<byte> bytes, int version, int fixedLength, long offset, bool isCentral)
    {
        ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(version + 2)..]);
        ushort method = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(version + 4)..]);
        long packed = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(version + 14)..]);
        long size = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(version + 18)..]);
        int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(version + 22)..]);
        int extraLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(version + 24)..]);
        ReadOnlySpan<byte> rest = bytes[fixedLength..];
        byte[] name = rest[..Math.Min(nameLength, rest.Length)].ToArray();
        ReadOnlySpan<byte> extra = nameLength >= rest.Length ? [] : rest[nameLength..Math.Min(nameLength + extraLength, rest.Length)];
        List<string> names = [Text(name, (flags & Utf8Names) != 0)];
        while (extra.Length >= 4)
        {
            ushort id = BinaryPrimitives.ReadUInt16LittleEndian(extra);
            int length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            ReadOnlySpan<byte> value = extra[4..Math.Min(4 + length, extra.Length)];
            extra = extra[Math.Min(4 + length, extra.Length)..];
            if (id == NameExtra && value.Length > 5)
            {
                // Version and a sum of the other name stand before it.
                Add(names, Text(value[5..].ToArray(), isUtf8: true));
            }
            else if (id == LargeExtra)
            {
                Take(ref size, ref value);
                Take(ref packed, ref value);
                if (isCentral)
                {
                    Take(ref offset, ref value);
                }
            }
        }

        int nul = names[0].IndexOf('\0', StringComparison.Ordinal);
        if (nul > 0)
        {
            Add(names, names[0][..nul]);
        }

        return new ZipRecord(names, flags, method, packed, size, offset, nameLength, extraLength);
    }

    private static void Take(ref long value, ref ReadOnlySpan<byte> from)
    {
        if (value == Large && from.Length >= 8)
        {
            value = Math.Max(0, BinaryPrimitives.ReadInt64LittleEndian(from));
            from = from[8..];
        }
    }

    private static void Add(List<string> names, string name)
    {
        if (!names.Contains(name))
        {
            names.Add(name);
        }
    }

    // Names without the mark are in the code page of DOS by the specification, and UTF-8 from many programs.
    private static string Text(byte[] name, bool isUtf8)
    {
        string utf8 = Encoding.UTF8.GetString(name);
        return isUtf8 || !utf8.Contains('\ufffd', StringComparison.Ordinal) ? utf8 : FieldText.Decode(name, "ibm437");
    }
}
