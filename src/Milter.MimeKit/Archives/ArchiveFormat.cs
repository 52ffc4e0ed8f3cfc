namespace Milter.Mime.Archives;

/// <summary>Formats whose names are read.</summary>
internal enum ArchiveFormat
{
    None,
    Zip,
    Rar,
    SevenZip,
    Tar,
    GZip,
}

/// <summary>Knows archives by how they begin; what a sender calls them does not matter.</summary>
internal static class ArchiveFormats
{
    private const int TarHeader = 512;
    private const int TarChecksum = 148;

    public static ArchiveFormat Of(ReadOnlySpan<byte> prefix) => prefix switch
    {
        [(byte)'P', (byte)'K', 3, 4, ..] or [(byte)'P', (byte)'K', 5, 6, ..] or [(byte)'P', (byte)'K', 7, 8, (byte)'P', (byte)'K', 3, 4, ..] => ArchiveFormat.Zip,
        [(byte)'R', (byte)'a', (byte)'r', (byte)'!', 0x1a, 7, ..] => ArchiveFormat.Rar,
        [(byte)'7', (byte)'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => ArchiveFormat.SevenZip,
        [0x1f, 0x8b, 8, ..] => ArchiveFormat.GZip,
        _ => IsTar(prefix) ? ArchiveFormat.Tar : ArchiveFormat.None,
    };

    /// <summary>Finds a rar or 7z file that begins somewhere, as in a program that unpacks itself.</summary>
    public static ArchiveFormat Find(ReadOnlySpan<byte> bytes, out long begin)
    {
        int rar = bytes.IndexOf("Rar!\x1a\x07"u8);
        int seven = bytes.IndexOf((ReadOnlySpan<byte>)[(byte)'7', (byte)'z', 0xbc, 0xaf, 0x27, 0x1c]);
        begin = rar < 0 || (seven >= 0 && seven < rar) ? seven : rar;
        return begin < 0 ? ArchiveFormat.None : begin == rar ? ArchiveFormat.Rar : ArchiveFormat.SevenZip;
    }

    /// <summary>Says whether a name belongs to such an archive.</summary>
    public static bool IsNamedOne(string name) => FileNames.HasExtension(name, ["zip", "jar", "rar", "7z", "tar", "tgz", "gz"]);

    // Older ones have no mark, but all have a sum of their header, with blanks in its own place.
    private static bool IsTar(ReadOnlySpan<byte> prefix)
    {
        if (prefix.Length < TarHeader || prefix[0] == 0)
        {
            return false;
        }

        long written = 0;
        int digits = 0;
        foreach (byte digit in prefix.Slice(TarChecksum, 8).Trim(" \0"u8))
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                return false;
            }

            written = (written * 8) + (digit - '0');
            digits++;
        }

        if (digits == 0)
        {
            return false;
        }

        long sum = 8 * ' ';
        for (int i = 0; i < TarHeader; i++)
        {
            sum += i is >= TarChecksum and < TarChecksum + 8 ? 0 : prefix[i];
        }

        return sum == written;
    }
}
