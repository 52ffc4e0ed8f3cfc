using System.Text;
using MimeKit;
using MimeKit.Encodings;

namespace Milter.Mime.Names;

/// <summary>Reads UTF-7 (RFC 2152), which the platform does not any more and some mail programs do: a name may be hidden in it.</summary>
internal static class Utf7
{
    private const string Word = "=?utf-7?";

    /// <summary>Says whether it is the name of this charset.</summary>
    public static bool Is(string? charset) => charset is not null && charset.Trim().Replace("unicode-1-1-", "", StringComparison.OrdinalIgnoreCase).Equals("utf-7", StringComparison.OrdinalIgnoreCase);

    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        for (int at = 0; at < bytes.Length; at++)
        {
            if (bytes[at] != '+')
            {
                text.Append((char)bytes[at]);
                continue;
            }

            uint bits = 0;
            int count = 0;
            int begin = ++at;
            for (; at < bytes.Length && Digit(bytes[at]) is >= 0 and var digit; at++)
            {
                bits = (bits << 6) | (uint)digit;
                count += 6;
                if (count >= 16)
                {
                    count -= 16;
                    text.Append((char)(bits >> count));
                }
            }

            if (at == begin)
            {
                text.Append('+');
            }

            // A minus ends it and is no character.
            at -= at < bytes.Length && bytes[at] == '-' ? 0 : 1;
        }

        return text.ToString();
    }

    /// <summary>Decodes the encoded words in this charset (RFC 2047), and leaves all others.</summary>
    /// <param name="bytes">A char for each byte.</param>
    public static string WithoutWords(string bytes)
    {
        var text = new StringBuilder(bytes.Length);
        int at = 0;
        for (int word; (word = bytes.IndexOf(Word, at, StringComparison.OrdinalIgnoreCase)) >= 0;)
        {
            int content = word + Word.Length + 2;
            int end = content > bytes.Length ? -1 : bytes.IndexOf("?=", content, StringComparison.Ordinal);
            if (end < 0)
            {
                break;
            }

            byte[] encoded = Encoding.Latin1.GetBytes(bytes[content..end]);
            IMimeDecoder decoder = bytes[content - 2] is 'b' or 'B' ? new Base64Decoder() : new QuotedPrintableDecoder(rfc2047: true);
            byte[] decoded = new byte[decoder.EstimateOutputLength(encoded.Length)];
            int length = decoder.Decode(encoded, 0, encoded.Length, decoded);
            text.Append(bytes, at, word - at).Append(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(Decode(decoded.AsSpan(0, length)))));
            at = end + 2;
        }

        return text.Append(bytes, at, bytes.Length - at).ToString();
    }

    private static int Digit(byte value) => value switch
    {
        >= (byte)'A' and <= (byte)'Z' => value - 'A',
        >= (byte)'a' and <= (byte)'z' => value - 'a' + 26,
        >= (byte)'0' and <= (byte)'9' => value - '0' + 52,
        (byte)'+' => 62,
        (byte)'/' => 63,
        _ => -1,
    };
}
