using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Milter.Protocol;

namespace Milter.Message;

/// <summary>The charsets of encoded words, by the names that mail has for them: those of IANA, and what programs write instead.</summary>
internal static class Charsets
{
    private const int MaxName = 40;

    // By name without punctuation. What follows a rule (cp1252, windows1252, iso88595) is in Number.
    private static readonly FrozenDictionary<string, int> s_pages = new Dictionary<string, int>
    {
        ["utf8"] = 65001, ["unicode11utf8"] = 65001, ["usascii"] = 65001, ["ascii"] = 65001, ["ansix341968"] = 65001, ["iso646us"] = 65001, ["646"] = 65001, ["us"] = 65001,
        ["utf16"] = 1201, ["utf16be"] = 1201, ["utf16le"] = 1200, ["ucs2"] = 1201, ["iso10646ucs2"] = 1201, ["unicode"] = 1201, ["utf32"] = 12001, ["utf32be"] = 12001, ["utf32le"] = 12000,
        ["latin1"] = 28591, ["l1"] = 28591, ["latin2"] = 28592, ["l2"] = 28592, ["latin3"] = 28593, ["latin4"] = 28594, ["cyrillic"] = 28595, ["arabic"] = 28596, ["greek"] = 28597,
        ["hebrew"] = 28598, ["logical"] = 38598, ["iso88598i"] = 38598, ["iso88598e"] = 28598, ["latin5"] = 28599, ["latin7"] = 28603, ["latin9"] = 28605, ["latin0"] = 28605,
        ["iso885911"] = 874, ["tis620"] = 874, ["dos874"] = 874,
        ["shiftjis"] = 932, ["xshiftjis"] = 932, ["sjis"] = 932, ["xsjis"] = 932, ["mskanji"] = 932, ["windows31j"] = 932, ["cswindows31j"] = 932,
        ["gbk"] = 936, ["xgbk"] = 936, ["gb2312"] = 936, ["gb231280"] = 936, ["euccn"] = 936, ["gb18030"] = 54936, ["hz"] = 52936, ["hzgb2312"] = 52936,
        ["ksc5601"] = 949, ["ksc56011987"] = 949, ["ksc56011989"] = 949, ["euckr"] = 949, ["uhc"] = 949, ["korean"] = 949, ["iso2022kr"] = 50225,
        ["big5"] = 950, ["xxbig5"] = 950, ["cnbig5"] = 950, ["big5hkscs"] = 950, ["big5eten"] = 950,
        ["eucjp"] = 51932, ["xeucjp"] = 51932, ["ujis"] = 51932, ["iso2022jp"] = 50220, ["iso2022jp1"] = 50220, ["iso2022jp2"] = 50220, ["iso2022jpms"] = 50220, ["cp50220"] = 50220, ["cp50221"] = 50221,
        ["koi8r"] = 20866, ["koi8"] = 20866, ["koi8u"] = 21866, ["koi8ru"] = 21866, ["macintosh"] = 10000, ["mac"] = 10000, ["macroman"] = 10000, ["xmacroman"] = 10000, ["ibm866"] = 866,
    }.ToFrozenDictionary();

    /// <summary>Finds a charset by its name; <see langword="null"/> for one that is not known. UTF-7, which hides ASCII from filters, never is.</summary>
    public static Encoding? Find(ReadOnlySpan<byte> name)
    {
        // RFC 2231 section 5: a language may follow.
        int star = name.IndexOf((byte)'*');
        name = star < 0 ? name : name[..star];
        if (name.Length is 0 or > MaxName)
        {
            return null;
        }

        Span<char> key = stackalloc char[MaxName];
        int length = 0;
        foreach (byte b in name)
        {
            if (char.IsAsciiLetterOrDigit((char)b))
            {
                key[length++] = char.ToLowerInvariant((char)b);
            }
        }

        string plain = key[..length].ToString();
        return (s_pages.TryGetValue(plain, out int page) ? page : Number(plain)) switch
        {
            0 => CodePagesEncodingProvider.Instance.GetEncoding(Encoding.Latin1.GetString(name)),
            65001 => Encoding.UTF8,
            28591 => Encoding.Latin1,
            1201 => Encoding.BigEndianUnicode,
            1200 => Encoding.Unicode,
            12001 => s_utf32,
            12000 => Encoding.UTF32,
            int known => CodePagesEncodingProvider.Instance.GetEncoding(known),
        };
    }

    public static string GetString(Encoding charset, ReadOnlySpan<byte> bytes)
    {
        if (ReferenceEquals(charset, Encoding.UTF8))
        {
            return WireText.GetString(bytes);
        }

        // Where a byte-order mark says otherwise, it is right (RFC 2781 section 4.3).
        return charset.CodePage is 1200 or 1201 ? bytes switch
        {
            [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode.GetString(bytes[2..]),
            [0xFF, 0xFE, ..] => Encoding.Unicode.GetString(bytes[2..]),
            _ => charset.GetString(bytes),
        } : charset.GetString(bytes);
    }

    private static readonly UTF32Encoding s_utf32 = new(bigEndian: true, byteOrderMark: false);

    private static int Number(string name)
    {
        foreach (string prefix in (ReadOnlySpan<string>)["windows", "cp", "win", "ms", "xcp", "ibm", "iso8859", "dos"])
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal) && int.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                return prefix == "iso8859" && number is >= 1 and <= 16 ? 28590 + number : number is 65001 or (>= 437 and <= 1361) ? number : 0;
            }
        }

        return 0;
    }
}
