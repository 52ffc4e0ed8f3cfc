using System.Text;

namespace Milter.Mime.Edits;

/// <summary>Takes out of a style sheet what is fetched from elsewhere; rules and colours stay as they were written.</summary>
internal static class StyleSheet
{
    private const string Url = "url(", Import = "@import";

    // What names something elsewhere, or runs, without either of these.
    private static readonly string[] s_doubtful = ["image-set(", "src(", "expression(", "-moz-binding"];

    /// <summary>Gives the style sheet without these, or <see langword="null"/> where there is nothing to take out.</summary>
    public static string? Neutralize(string css)
    {
        if (IsDoubtful(css))
        {
            return "";
        }

        var output = new StringBuilder(css.Length);
        int at = 0;
        int url = Find(css, Url, 0);
        int import = Find(css, Import, 0);
        while (Math.Min(url, import) is var found && found < css.Length)
        {
            output.Append(css, at, found - at);
            if (css[found] == '@')
            {
                at = EndOf(css, found, ';');
                (url, import) = (url < at ? Find(css, Url, at) : url, Find(css, Import, at));
                continue;
            }

            int begin = found + Url.Length;
            int end = EndOf(css, begin, ')');
            string value = css[begin..end].Trim(' ', '\t', '\r', '\n', '\f', '"', '\'', ')');
            output.Append(css, found, Url.Length);
            _ = IsInMessage(value) ? output.Append(css, begin, end - begin) : output.Append(')');
            at = end;
            (url, import) = (Find(css, Url, at), import < at ? Find(css, Import, at) : import);
        }

        return at == 0 ? null : output.Append(css, at, css.Length - at).ToString() is var plain && plain != css ? plain : null;
    }

    private static bool IsInMessage(string value) => value.Length == 0 || value[0] == '#'
        || value.StartsWith("cid:", StringComparison.OrdinalIgnoreCase) || value.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase);

    // An escape that writes a letter may write any word; Outlook has one before a colon, which writes none.
    private static bool IsDoubtful(string css)
    {
        for (int at = css.IndexOf('\\', StringComparison.Ordinal); at >= 0 && at + 1 < css.Length; at = css.IndexOf('\\', at + 2))
        {
            if (char.IsAsciiLetterOrDigit(css[at + 1]))
            {
                return true;
            }
        }

        return Array.Exists(s_doubtful, word => css.Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    private static int Find(string css, string word, int at) => css.IndexOf(word, at, StringComparison.OrdinalIgnoreCase) is >= 0 and var found ? found : css.Length;

    // Behind the next one outside of quotes, or at the end.
    private static int EndOf(string css, int at, char end)
    {
        char quote = '\0';
        for (; at < css.Length; at++)
        {
            char c = css[at];
            if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
            }
            else if (c is '"' or '\'')
            {
                quote = c;
            }
            else if (c == end)
            {
                return at + 1;
            }
        }

        return css.Length;
    }
}
