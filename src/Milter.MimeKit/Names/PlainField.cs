using System.Buffers;
using System.Text;

namespace Milter.Mime.Names;

/// <summary>Reads a Content-Type or Content-Disposition that all readers read alike, as nearly all are: parameters that come once, and are words or plain quoted strings. Whatever else there is has to be read in all ways.</summary>
internal static class PlainField
{
    private const int Longest = 1000;

    private static readonly SearchValues<byte> s_word = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_+"u8);

    /// <summary>Finds the values of parameters.</summary>
    /// <param name="field">The field's value.</param>
    /// <param name="isType">Whether it begins with a type, two words and a slash, as Content-Type does; else with one word.</param>
    /// <param name="wanted">The parameters' names.</param>
    /// <param name="found">Their values, <see langword="null"/> where there is none.</param>
    /// <returns>Whether it is such a field.</returns>
    public static bool TryRead(ReadOnlySpan<byte> field, bool isType, ReadOnlySpan<string> wanted, Span<string?> found)
    {
        found.Clear();
        ReadOnlySpan<byte> rest = Trim(field);
        int end = rest.IndexOf((byte)';');
        ReadOnlySpan<byte> first = (end < 0 ? rest : rest[..end]).TrimEnd(" \t\r\n"u8);
        int slash = isType ? first.IndexOf((byte)'/') : 0;
        if (rest.Length > Longest || slash < 0 || !IsWord(isType ? first[..slash] : first) || (isType && !IsWord(first[(slash + 1)..])))
        {
            return false;
        }

        while (end >= 0 && (rest = Trim(rest[(end + 1)..])).Length > 0)
        {
            int equals = rest.IndexOfAnyExcept(s_word);
            if (equals <= 0 || rest[equals] != '=' || !TryValue(rest[(equals + 1)..], out ReadOnlySpan<byte> value, out int length))
            {
                return false;
            }

            for (int i = 0; i < wanted.Length; i++)
            {
                if (Ascii.EqualsIgnoreCase(rest[..equals], wanted[i]))
                {
                    if (found[i] is not null)
                    {
                        return false;
                    }

                    found[i] = Encoding.ASCII.GetString(value);
                }
            }

            end = equals + 1 + length;
            end = end < rest.Length ? end : -1;
        }

        return true;
    }

    /// <summary>Reads a value, and says where the semicolon behind it is.</summary>
    private static bool TryValue(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> value, out int length)
    {
        int close = text.StartsWith("\""u8) ? text[1..].IndexOfAny("\"\\%;"u8) : -1;
        int quoted = close < 0 ? 0 : close + 2;
        int end = text[quoted..].IndexOf((byte)';');
        length = end < 0 ? text.Length : quoted + end;
        if (close < 0)
        {
            // A word; a quote is none, nor is a blank at its beginning.
            value = text[..length].TrimEnd(" \t\r\n"u8);
            return IsWord(value);
        }

        value = text.Slice(1, close);
        return text[close + 1] == '"' && Trim(text[quoted..length]).IsEmpty && !value.ContainsAnyExceptInRange((byte)' ', (byte)'~') && value.IndexOf("=?"u8) < 0;
    }

    private static bool IsWord(ReadOnlySpan<byte> text) => text.Length > 0 && !text.ContainsAnyExcept(s_word);

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t\r\n"u8);
}
