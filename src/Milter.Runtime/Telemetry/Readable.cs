using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Milter.Protocol;

namespace Milter.Telemetry;

/// <summary>What a sender wrote, fit for a line of a log or an attribute of a trace.</summary>
internal static class Readable
{
    private const int MostCharacters = 200;

    // Eight bytes tell the mailboxes of a site apart, and are short enough to be searched for.
    private const int HashBytes = 8;

    /// <summary>Makes one line: control characters become blanks, and what is long is cut.</summary>
    public static string Line(ReadOnlySpan<byte> text) => Line(WireText.GetString(text[..Math.Min(text.Length, 4 * MostCharacters)]));

    /// <inheritdoc cref="Line(ReadOnlySpan{byte})"/>
    public static string Line(string text)
    {
        text = text.Trim();
        string line = text.Length > MostCharacters ? string.Concat(text.AsSpan(0, MostCharacters), "…") : text;
        return string.Create(line.Length, line, static (target, source) =>
        {
            for (int i = 0; i < source.Length; i++)
            {
                // Line and paragraph separators end a line for some who read it.
                target[i] = char.IsControl(source[i]) || char.GetUnicodeCategory(source[i]) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? ' ' : source[i];
            }
        });
    }

    /// <summary>Makes of a text what says no more than whether two are the same.</summary>
    /// <param name="key">The key, without which nobody can try texts.</param>
    /// <param name="text">The text; case and white space around it do not matter.</param>
    /// <returns><c>#</c> and 16 hexadecimal digits of its HMAC-SHA256 (RFC 2104).</returns>
    public static string Hash(string key, string text)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(text.Trim().ToUpperInvariant()), hash);
        return $"#{Convert.ToHexString(hash[..HashBytes]).ToLowerInvariant()}";
    }
}
