using System.Globalization;
using System.Text;

namespace Milter.Auth;

/// <summary>A macro of SPF: <c>%{</c>, a letter, how many parts, <c>r</c> for reversed, delimiters, <c>}</c> (RFC 7208 section 7).</summary>
internal readonly record struct SpfMacro(char Letter, int Parts, bool IsReversed, string Delimiters)
{
    // More labels than a name can have.
    private const int ManyParts = 1000;

    /// <summary>Reads a macro at the beginning of a text.</summary>
    /// <returns>Its length; 0 where there is none.</returns>
    public static int TryRead(ReadOnlySpan<char> text, out SpfMacro macro)
    {
        macro = default;
        int end = text.IndexOf('}');
        if (end < 3 || text[1] != '{' || !char.IsAsciiLetter(text[2]))
        {
            return 0;
        }

        ReadOnlySpan<char> rest = text[3..end];
        int digits = rest.IndexOfAnyExceptInRange('0', '9') is >= 0 and var first ? first : rest.Length;
        int parts = int.MaxValue;
        if (digits > 0 && !(int.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out parts) && parts > 0))
        {
            if (rest[..digits].IndexOfAnyExcept('0') < 0)
            {
                return 0;
            }

            parts = ManyParts;
        }

        rest = rest[digits..];
        bool isReversed = rest.Length > 0 && rest[0] is 'r' or 'R';
        rest = isReversed ? rest[1..] : rest;
        foreach (char c in rest)
        {
            if (!SpfSyntax.IsDelimiter(c))
            {
                return 0;
            }
        }

        macro = new SpfMacro(text[2], parts, isReversed, rest.ToString());
        return end + 1;
    }

    /// <summary>Makes of a value what the macro wants of it.</summary>
    public void Write(string value, StringBuilder into)
    {
        string[] parts = value.Split(Delimiters.Length == 0 ? ['.'] : Delimiters.ToCharArray());
        if (IsReversed)
        {
            Array.Reverse(parts);
        }

        string text = string.Join('.', parts.Length > Parts ? parts[^Parts..] : parts);
        if (char.IsAsciiLetterLower(Letter))
        {
            into.Append(text);
            return;
        }

        foreach (byte one in Encoding.UTF8.GetBytes(text))
        {
            // What RFC 3986 calls unreserved.
            if (char.IsAsciiLetterOrDigit((char)one) || (char)one is '-' or '.' or '_' or '~')
            {
                into.Append((char)one);
            }
            else
            {
                into.Append(CultureInfo.InvariantCulture, $"%{one:X2}");
            }
        }
    }
}
