using System.Globalization;

namespace Milter.Policy;

/// <summary>The lines of an access map, by key without case.</summary>
internal sealed class AccessTable
{
    private readonly Dictionary<string, AccessEntry> _entries;

    private AccessTable(Dictionary<string, AccessEntry> entries) => _entries = entries;

    public int Count => _entries.Count;

    public AccessEntry? this[string key] => _entries.GetValueOrDefault(key);

    /// <summary>Reads a map: a key, white space, a value a line; empty lines and those that begin with # are left out.</summary>
    /// <exception cref="FormatException">Lines are wrong; the message names each.</exception>
    public static AccessTable Parse(IEnumerable<string> lines, string file)
    {
        var entries = new Dictionary<string, AccessEntry>(StringComparer.OrdinalIgnoreCase);
        var complaints = new List<string>();
        int number = 0;
        foreach (string line in lines)
        {
            number++;
            string text = line.Trim();
            if (text.Length == 0 || text[0] == '#')
            {
                continue;
            }

            string[] parts = text.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (parts.Length < 2)
            {
                complaints.Add($"{file}:{number}: \"{text}\" has no value. Write a key, white space and OK, RELAY, REJECT, DISCARD, SKIP, ERROR:5.7.1:550 text, QUARANTINE:text or a word of your own.");
                continue;
            }

            try
            {
                entries[parts[0]] = Entry(parts[0], parts[1]);
            }
            catch (ArgumentException e)
            {
                complaints.Add($"{file}:{number}: \"{parts[1]}\" is no reply: {e.Message}");
            }
        }

        return complaints.Count == 0 ? new AccessTable(entries) : throw new FormatException(string.Join('\n', complaints));
    }

    private static AccessEntry Entry(string key, string value)
    {
        string word = value.Split(':')[0].ToUpperInvariant();
        string rest = value.Length > word.Length ? value[(word.Length + 1)..].Trim().Trim('"') : "";
        return word switch
        {
            "OK" => new(key, value, AccessAction.Ok, Verdict.Continue, ""),
            "RELAY" => new(key, value, AccessAction.Relay, Verdict.Continue, ""),
            "REJECT" => new(key, value, AccessAction.Reject, Verdict.Reject(550, "5.7.1", "Access denied"), ""),
            "DISCARD" => new(key, value, AccessAction.Discard, Verdict.Discard, ""),
            "QUARANTINE" => new(key, value, AccessAction.Quarantine, Verdict.Continue, rest),
            "ERROR" => new(key, value, AccessAction.Error, Reply(rest), ""),
            _ when IsReply(value) => new(key, value, AccessAction.Error, Reply(value), ""),
            _ => new(key, value, AccessAction.Other, Verdict.Continue, ""),
        };
    }

    private static bool IsReply(string value) => value.Length > 3 && value[0] is '4' or '5' && char.IsAsciiDigit(value[1]) && char.IsAsciiDigit(value[2]) && value[3] == ' ';

    /// <summary><c>5.7.1:550 text</c>, <c>5.7.1 550 text</c>, <c>550 text</c>, or a text alone. Sendmail's own forms.</summary>
    private static Verdict Reply(string text)
    {
        string? enhanced = null;
        int end = text.IndexOfAny([':', ' ']);
        if (end > 0 && text.AsSpan(0, end).Count('.') == 2 && text[0] is '4' or '5')
        {
            enhanced = text[..end];
            text = text[(end + 1)..].Trim().Trim('"');
        }

        int code = 0;
        if (IsReply(text))
        {
            code = int.Parse(text.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture);
            text = text[4..].Trim();
        }

        code = code != 0 ? code : enhanced is ['4', ..] ? 451 : 550;
        enhanced ??= code < 500 ? "4.7.1" : "5.7.1";
        return code < 500 ? Verdict.TempFail(code, enhanced, text) : Verdict.Reject(code, enhanced, text);
    }
}
