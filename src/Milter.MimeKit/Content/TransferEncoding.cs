using MimeKit;
using MimeKit.IO;
using MimeKit.IO.Filters;

namespace Milter.Mime.Content;

/// <summary>Content transfer encodings (RFC 2045, 6), by the words of the field.</summary>
internal enum TransferEncoding
{
    None,
    Base64,
    QuotedPrintable,
    Uuencode,
}

/// <summary>Reads the field and undoes the encoding.</summary>
internal static class TransferEncodings
{
    private static readonly System.Buffers.SearchValues<char> s_ends = System.Buffers.SearchValues.Create(" \t\r\n;,(\"");

    private static readonly Dictionary<string, TransferEncoding> s_words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["7bit"] = TransferEncoding.None,
        ["8bit"] = TransferEncoding.None,
        ["binary"] = TransferEncoding.None,
        ["base64"] = TransferEncoding.Base64,
        ["quoted-printable"] = TransferEncoding.QuotedPrintable,
        ["x-uuencode"] = TransferEncoding.Uuencode,
        ["x-uue"] = TransferEncoding.Uuencode,
        ["uuencode"] = TransferEncoding.Uuencode,
    };

    /// <summary>Reads a field's value.</summary>
    /// <returns>Whether it is one known word and nothing else. Where a known word begins the value, that is what it is taken for all the same.</returns>
    public static bool TryParse(string value, out TransferEncoding encoding)
    {
        string word = value.Trim();
        if (s_words.TryGetValue(word, out encoding))
        {
            return true;
        }

        string rest = word.TrimStart('"');
        int end = rest.AsSpan().IndexOfAny(s_ends);
        s_words.TryGetValue(end < 0 ? rest : rest[..end], out encoding);
        return false;
    }

    /// <summary>Reads a field's value where it is written as nearly all are.</summary>
    public static bool TryParsePlain(ReadOnlySpan<byte> value, out TransferEncoding encoding)
    {
        ReadOnlySpan<byte> word = value.Trim(" \t\r\n"u8);
        encoding = System.Text.Ascii.EqualsIgnoreCase(word, "base64"u8) ? TransferEncoding.Base64
            : System.Text.Ascii.EqualsIgnoreCase(word, "quoted-printable"u8) ? TransferEncoding.QuotedPrintable
            : TransferEncoding.None;
        return encoding != TransferEncoding.None || System.Text.Ascii.EqualsIgnoreCase(word, "7bit"u8) || System.Text.Ascii.EqualsIgnoreCase(word, "8bit"u8);
    }

    /// <summary>Gives the decoded content.</summary>
    public static Stream Open(Stream raw, TransferEncoding encoding)
    {
        switch (encoding)
        {
            case TransferEncoding.Base64:
                return new Base64Stream(raw);
            case TransferEncoding.QuotedPrintable or TransferEncoding.Uuencode:
                var decoded = new FilteredStream(raw);
                decoded.Add(DecoderFilter.Create(encoding == TransferEncoding.Uuencode ? ContentEncoding.UUEncode : ContentEncoding.QuotedPrintable));
                return decoded;
            default:
                return raw;
        }
    }
}
