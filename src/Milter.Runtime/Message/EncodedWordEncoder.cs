using System.Text;

namespace Milter.Message;

/// <summary>Encodes text by RFC 2047: words of at most 75 characters in UTF-8, on lines of at most 76.</summary>
internal static class EncodedWordEncoder
{
    private const int MaxLine = 76;
    private const int MaxText = 75 - Overhead;
    private const int Overhead = 12; // =?utf-8?Q??=

    /// <summary>Encodes the parts of an unstructured value that need it and leaves the others, encoded words among them, as they are.</summary>
    /// <param name="value">The value; may be folded.</param>
    /// <param name="column">Where it starts on its line.</param>
    public static string EncodeText(string value, int column)
    {
        var output = new StringBuilder(2 * value.Length);
        bool afterWord = false;
        int i = 0;
        while (i < value.Length)
        {
            int gap = i;
            i = SkipWhite(value, i);
            int start = i;
            i = SkipToken(value, i);
            output.Append(value, gap, start - gap);
            if (!NeedsEncoding(value.AsSpan(start, i - start)))
            {
                output.Append(value, start, i - start);
                afterWord = Words(value.AsSpan(start, i - start)).AtEnd;
                continue;
            }

            // White space between two encoded words is not shown: where it is to be seen, it goes into a word.
            int from = afterWord ? gap : start;
            i = EndOfRun(value, i, out bool beforeWord);
            int to = beforeWord ? SkipWhite(value, i) : i;
            WriteWords(value[from..to].Replace("\n", "", StringComparison.Ordinal), output, column);
            afterWord = true;
        }

        return output.ToString();
    }

    /// <summary>Writes all of a text as encoded words.</summary>
    public static void WriteWords(string text, StringBuilder output, int column)
    {
        (int needed, bool b) = Measure(text);
        int room = MaxLine - Overhead - Column(output, column);
        if (room < Math.Min(needed, MaxText / 4))
        {
            // Too little left of this line. Fold before the white space, if there is some, or make the line longer than it should be.
            int last = output.Length - 1;
            if (last > 0 && output[last] is ' ' or '\t' && output[last - 1] is not (' ' or '\t' or '\n'))
            {
                output.Insert(last, '\n');
            }

            room = MaxText;
        }

        var word = new List<byte>(64);
        Span<byte> utf8 = stackalloc byte[4];
        foreach (Rune rune in text.EnumerateRunes())
        {
            int length = rune.EncodeToUtf8(utf8);
            if (word.Count > 0 && EncodedLength(word, utf8[..length], b) > Math.Min(room, MaxText))
            {
                WriteWord(word, b, output);
                output.Append("\n ");
                word.Clear();
                room = MaxText;
            }

            foreach (byte one in utf8[..length])
            {
                word.Add(one);
            }
        }

        WriteWord(word, b, output);
    }

    private static void WriteWord(List<byte> word, bool b, StringBuilder output)
    {
        output.Append(b ? "=?utf-8?B?" : "=?utf-8?Q?");
        if (b)
        {
            output.Append(Convert.ToBase64String([.. word]));
        }
        else
        {
            foreach (byte one in word)
            {
                if (one == ' ')
                {
                    output.Append('_');
                }
                else if (IsPlainInQ(one))
                {
                    output.Append((char)one);
                }
                else
                {
                    output.Append('=').Append(Hex.Digits[one >> 4]).Append(Hex.Digits[one & 15]);
                }
            }
        }

        output.Append("?=");
    }

    private static int EncodedLength(List<byte> word, ReadOnlySpan<byte> more, bool b)
    {
        if (b)
        {
            return (word.Count + more.Length + 2) / 3 * 4;
        }

        int length = 0;
        foreach (byte one in word)
        {
            length += one == ' ' || IsPlainInQ(one) ? 1 : 3;
        }

        foreach (byte one in more)
        {
            length += one == ' ' || IsPlainInQ(one) ? 1 : 3;
        }

        return length;
    }

    /// <summary>Chooses the encoding: Q can be read in logs, so it is taken unless it is more than twice as long.</summary>
    private static (int Length, bool B) Measure(string text)
    {
        int q = 0, bytes = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            q += rune.Value == ' ' || (rune.IsAscii && IsPlainInQ((byte)rune.Value)) ? 1 : 3 * rune.Utf8SequenceLength;
        }

        int b = (bytes + 2) / 3 * 4;
        return q > 2 * b ? (b, true) : (q, false);
    }

    /// <summary>What may stand for itself even in a phrase (RFC 2047 section 5, rule 3).</summary>
    private static bool IsPlainInQ(byte b) => char.IsAsciiLetterOrDigit((char)b) || b is (byte)'!' or (byte)'*' or (byte)'+' or (byte)'-' or (byte)'/';

    /// <summary>The end of the tokens from <paramref name="end"/> on that need encoding too.</summary>
    private static int EndOfRun(string value, int end, out bool beforeWord)
    {
        while (true)
        {
            int start = SkipWhite(value, end);
            int next = SkipToken(value, start);
            ReadOnlySpan<char> token = value.AsSpan(start, next - start);
            beforeWord = false;
            if (!NeedsEncoding(token))
            {
                beforeWord = Words(token).AtStart;
                return end;
            }

            end = next;
        }
    }

    /// <summary>Not printable ASCII, and text: a token with bytes that are no UTF-8 (lone surrogates) or that switches charsets (ESC, as in ISO-2022-JP) goes back as it came.</summary>
    private static bool NeedsEncoding(ReadOnlySpan<char> token)
    {
        bool beyond = false;
        for (int i = 0; i < token.Length; i++)
        {
            char c = token[i];
            beyond |= c is < ' ' or > '~';
            if (char.IsHighSurrogate(c) && i + 1 < token.Length && char.IsLowSurrogate(token[i + 1]))
            {
                i++;
            }
            else if (c is >= '\uDC80' and <= '\uDCFF' || (c == '\u001b' && i + 1 < token.Length && token[i + 1] is '$' or '('))
            {
                return false;
            }
        }

        return beyond;
    }

    /// <summary>Says whether a token of ASCII starts and ends with an encoded word.</summary>
    private static (bool AtStart, bool AtEnd) Words(ReadOnlySpan<char> token)
    {
        if (!token.Contains("=?", StringComparison.Ordinal))
        {
            return default;
        }

        byte[] bytes = Encoding.Latin1.GetBytes(token.ToArray());
        byte[] scratch = new byte[bytes.Length];
        bool atStart = false, atEnd = false;
        for (int at = 0; bytes.AsSpan(at).IndexOf("=?"u8) is >= 0 and var next;)
        {
            at += next;
            bool isWord = EncodedWord.TryRead(bytes.AsSpan(at), scratch, out EncodedWord word);
            atStart |= isWord && at == 0;
            at += isWord ? word.Length : 2;
            atEnd = isWord && at == bytes.Length;
        }

        return (atStart, atEnd);
    }

    private static int Column(StringBuilder output, int first)
    {
        int column = 0;
        for (int i = output.Length - 1; i >= 0; i--, column++)
        {
            if (output[i] == '\n')
            {
                return column;
            }
        }

        return first + column;
    }

    private static int SkipWhite(string value, int i)
    {
        while (i < value.Length && value[i] is ' ' or '\t' or '\n')
        {
            i++;
        }

        return i;
    }

    private static int SkipToken(string value, int i)
    {
        while (i < value.Length && value[i] is not (' ' or '\t' or '\n'))
        {
            i++;
        }

        return i;
    }
}
