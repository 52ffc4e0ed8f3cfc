using System.Globalization;
using System.Text;
using Spectre.Console;

namespace Milter.Tool;

/// <summary>Texts of strangers, made fit to be shown: mail and filters may hold what moves a terminal's cursor, or worse.</summary>
internal static class Shown
{
    /// <summary>Writes control characters, and bytes that are no text, as <c>\xhh</c>.</summary>
    public static string Plain(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\0', '\x1f') && !text.Any(IsOdd))
        {
            return text;
        }

        var safe = new StringBuilder(text.Length + 16);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                safe.Append(c).Append(text[++i]);
            }
            else
            {
                _ = c switch
                {
                    '\n' => safe.Append("\\n"),
                    '\t' => safe.Append("\\t"),
                    _ when c < 0x20 || IsOdd(c) => safe.Append(CultureInfo.InvariantCulture, $"\\x{(c is >= '\udc80' and <= '\udcff' ? c - 0xdc00 : c):x2}"),
                    _ => safe.Append(c),
                };
            }
        }

        return safe.ToString();
    }

    /// <summary>The same, as Spectre's markup.</summary>
    public static string Text(string text) => Markup.Escape(Plain(text));

    public static string Good(string text) => $"[green]{Text(text)}[/]";

    public static string Bad(string text) => $"[red]{Text(text)}[/]";

    public static string Warn(string text) => $"[yellow]{Text(text)}[/]";

    public static string Quiet(string text) => text.Length == 0 ? "" : $"[grey]{Text(text)}[/]";

    public static string Name(string text) => $"[aqua]{Text(text)}[/]";

    public static string Title(string text) => $"[bold]{Text(text)}[/]";

    /// <summary>A line of a unified difference.</summary>
    public static string Difference(string line)
    {
        string text = Markup.Escape(string.Join('\t', line.Split('\t').Select(Plain)));
        return text.Length == 0 ? "" : line[0] switch
        {
            '+' => $"[green]{text}[/]",
            '-' => $"[red]{text}[/]",
            '@' => $"[aqua]{text}[/]",
            _ => text,
        };
    }

    public static string Time(TimeSpan time) => time.TotalMilliseconds switch
    {
        >= 10_000 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        >= 100 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms"),
        var ms => string.Create(CultureInfo.InvariantCulture, $"{ms:0.0} ms"),
    };

    public static string List(IEnumerable<string> names) => string.Join(' ', names) is { Length: > 0 } text ? text : "none";

    // DEL, C1 controls, the marks that turn the direction of writing, and halves of surrogates.
    private static bool IsOdd(char c) => c is (>= '\x7f' and <= '\x9f') or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') || char.IsSurrogate(c);
}
