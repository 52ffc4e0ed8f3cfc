using System.Globalization;
using System.Text;

namespace Milter.Conformance.Tests.Wire;

/// <summary>Bytes written as strings: each character is one byte, so that plans and transcripts can be read.</summary>
internal static class Bytes
{
    public static byte[] Of(string text) => Encoding.Latin1.GetBytes(text);

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>The bytes that the text has in UTF-8, as characters.</summary>
    public static string Utf8(string text) => Text(Encoding.UTF8.GetBytes(text));

    /// <summary>NUL-terminated strings, one after the other.</summary>
    public static string Z(params IEnumerable<string> texts) => string.Concat(texts.Select(text => text + "\0"));

    /// <summary>The text with what can't be printed escaped, cut where it gets long.</summary>
    public static string Shown(string text)
    {
        const int Most = 160;
        var shown = new StringBuilder("\"");
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, Most)))
        {
            shown.Append(c switch
            {
                '\0' => "\\0",
                '\r' => "\\r",
                '\n' => "\\n",
                '\t' => "\\t",
                '"' or '\\' => $"\\{c}",
                < ' ' or > '~' => "\\x" + ((int)c).ToString("x2", CultureInfo.InvariantCulture),
                _ => c.ToString(),
            });
        }

        shown.Append('"');
        return text.Length <= Most ? shown.ToString() : $"{shown}… ({text.Length} bytes)";
    }
}
