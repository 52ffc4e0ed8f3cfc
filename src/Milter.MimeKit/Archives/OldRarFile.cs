using System.Text;
using Milter.Mime.Names;

namespace Milter.Mime.Archives;

/// <summary>What a rar file of the formats before 5 says of a file in it.</summary>
internal sealed record OldRarFile(IReadOnlyList<string> Names, long Size, long Packed, int Flags, bool IsStored)
{
    private const int Pieces = 3, Encrypted = 4, Folder = 0xe0, IsLarge = 0x100, HasUnicode = 0x200;
    private const byte Stored = 0x30;

    public bool IsPiece => (Flags & Pieces) != 0;

    public bool IsEncrypted => (Flags & Encrypted) != 0;

    public bool IsFolder => (Flags & Folder) == Folder;

    /// <summary>Reads the header.</summary>
    /// <param name="bytes">What stands in it behind the packed size.</param>
    /// <param name="flags">Its flags.</param>
    /// <param name="packed">The lower half of the packed size.</param>
    public static OldRarFile Read(ReadOnlySpan<byte> bytes, int flags, long packed)
    {
        const int SystemSumAndTime = 9, Version = 1, Attributes = 4;
        var header = new ByteCursor(bytes);
        long size = header.UInt32();
        header.Take(SystemSumAndTime + Version);
        byte method = header.Byte();
        int nameLength = header.UInt16();
        header.Take(Attributes);
        if ((flags & IsLarge) != 0)
        {
            packed += (long)header.UInt32() << 32;
            size += (long)header.UInt32() << 32;
        }

        return packed < 0 ? throw ByteCursor.Broken() : new OldRarFile(NamesIn(header.Take(nameLength), (flags & HasUnicode) != 0), size, packed, flags, method == Stored);
    }

    // A name in the code page of DOS, and behind a NUL how the same is written in Unicode: what programs take that know either is not bound to be the same.
    private static List<string> NamesIn(ReadOnlySpan<byte> name, bool hasUnicode)
    {
        int nul = name.IndexOf((byte)0);
        ReadOnlySpan<byte> plain = nul < 0 ? name : name[..nul];
        string first = FieldText.Decode(FieldText.FromBytes(plain));
        if (!hasUnicode || nul < 0)
        {
            return [first];
        }

        string unicode = Unicode(plain, name[(nul + 1)..]);
        return FileNames.ExtensionOf(unicode).Equals(FileNames.ExtensionOf(first), StringComparison.OrdinalIgnoreCase) ? [unicode] : [unicode, first];
    }

    // Two bits say of each character how it is written: a byte, a byte with the common upper one, two bytes, or a run of the plain name's.
    private static string Unicode(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> packed)
    {
        const int Longest = 64 * 1024;
        var text = new StringBuilder(plain.Length);
        var bytes = new ByteCursor(packed);
        int high = bytes.Left > 0 ? bytes.Byte() << 8 : 0;
        int flags = 0;
        int bits = 0;
        while (bytes.Left > 0 && text.Length < Longest)
        {
            if (bits == 0)
            {
                flags = bytes.Byte();
                bits = 8;
                continue;
            }

            bits -= 2;
            switch ((flags >> bits) & 3)
            {
                case 0:
                    text.Append((char)bytes.Byte());
                    break;
                case 1:
                    text.Append((char)(bytes.Byte() | high));
                    break;
                case 2 when bytes.Left >= 2:
                    text.Append((char)bytes.UInt16());
                    break;
                case 3:
                    int run = bytes.Byte();
                    int shift = (run & 0x80) != 0 && bytes.Left > 0 ? bytes.Byte() : -1;
                    for (int left = (run & 0x7f) + 2; left > 0 && text.Length < plain.Length; left--)
                    {
                        byte one = plain[text.Length];
                        text.Append(shift < 0 ? (char)one : (char)(((one + shift) & 0xff) | high));
                    }

                    break;
                default:
                    return text.ToString();
            }
        }

        return text.ToString();
    }
}
