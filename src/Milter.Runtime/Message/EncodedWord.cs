using System.Text;

namespace Milter.Message;

/// <summary>One encoded word: <c>=?charset?encoding?text?=</c>.</summary>
/// <param name="Charset">What its bytes are.</param>
/// <param name="Length">How long the word is.</param>
/// <param name="DecodedLength">How many bytes it decodes to.</param>
internal readonly record struct EncodedWord(Encoding Charset, int Length, int DecodedLength)
{
    private const int MaxCharsetLength = 64;

    /// <summary>Reads the word that <paramref name="text"/>, which starts with <c>=?</c>, begins with.</summary>
    /// <remarks>Looks no further than the next question mark after the encoding, so that trying at each <c>=?</c> of a text takes linear time.</remarks>
    public static bool TryRead(ReadOnlySpan<byte> text, Span<byte> destination, out EncodedWord word)
    {
        word = default;
        ReadOnlySpan<byte> rest = text[2..];
        int charsetLength = rest[..Math.Min(rest.Length, MaxCharsetLength + 1)].IndexOf((byte)'?');
        if (charsetLength <= 0 || rest.Length < charsetLength + 3 || rest[charsetLength + 2] != '?')
        {
            return false;
        }

        int encoding = rest[charsetLength + 1] | 0x20;
        ReadOnlySpan<byte> charsetName = rest[..charsetLength];
        rest = rest[(charsetLength + 3)..];
        int end = rest.IndexOf((byte)'?');
        if (end < 0 || end + 1 >= rest.Length || rest[end + 1] != '=' || Charsets.Find(charsetName) is not { } charset)
        {
            return false;
        }

        int decoded = encoding switch
        {
            'q' => DecodeQ(rest[..end], destination),
            'b' => DecodeB(rest[..end], destination),
            _ => -1,
        };
        word = new EncodedWord(charset, text.Length - rest.Length + end + 2, decoded);
        return decoded >= 0;
    }

    private static int DecodeQ(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        int length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            byte b = text[i];
            if (b == '=')
            {
                if (i + 2 >= text.Length || !char.IsAsciiHexDigit((char)text[i + 1]) || !char.IsAsciiHexDigit((char)text[i + 2]))
                {
                    return -1;
                }

                destination[length++] = Hex.Byte(text[i + 1], text[i + 2]);
                i += 2;
            }
            else if (b is < (byte)' ' or > (byte)'~')
            {
                return -1;
            }
            else
            {
                destination[length++] = b == '_' ? (byte)' ' : b;
            }
        }

        return length;
    }

    private static int DecodeB(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        // Padding is often missing, and says nothing that the length does not.
        text = text.TrimEnd((byte)'=');
        int bits = 0, count = 0, length = 0;
        foreach (byte b in text)
        {
            int digit = b switch
            {
                >= (byte)'A' and <= (byte)'Z' => b - 'A',
                >= (byte)'a' and <= (byte)'z' => b - 'a' + 26,
                >= (byte)'0' and <= (byte)'9' => b - '0' + 52,
                (byte)'+' => 62,
                (byte)'/' => 63,
                _ => -1,
            };
            if (digit < 0)
            {
                return -1;
            }

            bits = (bits << 6) | digit;
            count += 6;
            if (count >= 8)
            {
                count -= 8;
                destination[length++] = (byte)(bits >> count);
                bits &= (1 << count) - 1;
            }
        }

        return text.Length % 4 == 1 ? -1 : length;
    }
}
