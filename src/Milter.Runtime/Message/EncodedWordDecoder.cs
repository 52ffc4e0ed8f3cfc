using System.Buffers;
using System.Text;
using Milter.Protocol;

namespace Milter.Message;

/// <summary>Decodes a header field's value by RFC 2047, in one pass.</summary>
internal static class EncodedWordDecoder
{
    public static string Decode(ReadOnlySpan<byte> value)
    {
        value = value.Trim(" \t\r\n"u8);
        int word = value.IndexOf("=?"u8);
        if (word < 0 && value.IndexOfAny((byte)'\n', (byte)'\r') < 0)
        {
            return WireText.GetString(value);
        }

        // Decoding never makes more bytes than there were.
        byte[] scratch = ArrayPool<byte>.Shared.Rent(value.Length);
        try
        {
            return DecodeWords(value, word, scratch);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    private static string DecodeWords(ReadOnlySpan<byte> value, int next, Span<byte> scratch)
    {
        var text = new StringBuilder(value.Length);
        Encoding? charset = null;
        int pending = 0, plain = 0;
        while (next >= 0)
        {
            if (!EncodedWord.TryRead(value[next..], scratch[pending..], out EncodedWord word))
            {
                next = Next(value, next + 2);
                continue;
            }

            // Bytes are turned into text only when a run of words in one charset ends: characters may be split over two of them.
            ReadOnlySpan<byte> between = value[plain..next];
            bool adjacent = charset is not null && between.IndexOfAnyExcept(" \t\r\n"u8) < 0;
            if (charset is not null && (!adjacent || !ReferenceEquals(charset, word.Charset)))
            {
                text.Append(Charsets.GetString(charset, scratch[..pending]));
                scratch.Slice(pending, word.DecodedLength).CopyTo(scratch);
                pending = 0;
            }

            if (!adjacent)
            {
                AppendUnfolded(text, between);
            }

            charset = word.Charset;
            pending += word.DecodedLength;
            plain = next + word.Length;
            next = Next(value, plain);
        }

        if (charset is not null)
        {
            text.Append(Charsets.GetString(charset, scratch[..pending]));
        }

        AppendUnfolded(text, value[plain..]);
        return text.ToString();
    }

    private static int Next(ReadOnlySpan<byte> value, int from)
    {
        int next = value[from..].IndexOf("=?"u8);
        return next < 0 ? -1 : next + from;
    }

    /// <summary>Drops the line breaks; a space stands in for one that has no white space after it.</summary>
    private static void AppendUnfolded(StringBuilder text, ReadOnlySpan<byte> value)
    {
        while (value.IndexOfAny((byte)'\r', (byte)'\n') is >= 0 and var end)
        {
            text.Append(WireText.GetString(value[..end]));
            value = value[end..];
            int after = value.IndexOfAnyExcept((byte)'\r', (byte)'\n');
            value = after < 0 ? default : value[after..];
            if (!value.IsEmpty && value[0] is not ((byte)' ' or (byte)'\t'))
            {
                text.Append(' ');
            }
        }

        text.Append(WireText.GetString(value));
    }
}
