using MimeKit.Text;

namespace Milter.Mime.Edits;

/// <summary>Takes out of HTML what runs, frames and what is fetched from elsewhere, as far as MimeKit's tokenizer sees it; the rest is written as that writes it.</summary>
internal static class HtmlNeutralizer
{
    // With all that is in them.
    private static readonly HashSet<string> s_elements = new(StringComparer.OrdinalIgnoreCase) { "script", "iframe", "frame", "frameset", "object", "applet", "noscript", "svg", "math", "template" };

    // Alone: they have no content, or only such as may stay.
    private static readonly HashSet<string> s_tags = new(StringComparer.OrdinalIgnoreCase) { "embed", "base", "link", "meta", "form", "input", "button", "portal", "param" };

    private static readonly HashSet<string> s_fetching = new(StringComparer.OrdinalIgnoreCase) { "src", "srcset", "background", "poster", "data", "lowsrc", "dynsrc", "action", "formaction", "ping", "manifest", "longdesc" };

    private static readonly string[] s_runningSchemes = ["javascript:", "vbscript:", "data:", "livescript:", "mocha:"];

    /// <summary>Gives the HTML without these, or <see langword="null"/> where there is nothing to take out.</summary>
    public static string? Neutralize(string html)
    {
        using var output = new StringWriter(System.Globalization.CultureInfo.InvariantCulture);
        var tokenizer = new HtmlTokenizer(new StringReader(html)) { DecodeCharacterReferences = false };
        string? skipped = null;
        int depth = 0;
        bool isChanged = false;
        bool isStyle = false;
        while (tokenizer.ReadNextToken(out HtmlToken? token))
        {
            if (token is not HtmlTagToken tag)
            {
                if (skipped is null && isStyle && token is HtmlDataToken sheet && StyleSheet.Neutralize(sheet.Data) is { } plain)
                {
                    output.Write(plain);
                    isChanged = true;
                }
                else if (skipped is null && !(token.Kind == HtmlTokenKind.Comment || token.Kind == HtmlTokenKind.ScriptData))
                {
                    token.WriteTo(output);
                }
                else
                {
                    // Comments may hold what one program takes for a condition (<!--[if mso]>).
                    isChanged |= skipped is null;
                }

                continue;
            }

            if (skipped is not null)
            {
                depth += !tag.Name.Equals(skipped, StringComparison.OrdinalIgnoreCase) || tag.IsEmptyElement ? 0 : tag.IsEndTag ? -1 : 1;
                skipped = depth == 0 ? null : skipped;
                continue;
            }

            isStyle = !tag.IsEndTag && tag.Name.Equals("style", StringComparison.OrdinalIgnoreCase);
            if (s_elements.Contains(tag.Name))
            {
                isChanged = true;
                (skipped, depth) = tag.IsEndTag || tag.IsEmptyElement ? (null, 0) : (tag.Name, 1);
            }
            else if (s_tags.Contains(tag.Name) && !IsCharset(tag))
            {
                isChanged = true;
            }
            else if (tag.IsEndTag || !tag.Attributes.Any(IsBad))
            {
                tag.WriteTo(output);
            }
            else
            {
                isChanged = true;
                WriteWithout(tag, output);
            }
        }

        return isChanged ? output.ToString() : null;
    }

    private static bool IsBad(HtmlAttribute attribute)
    {
        string name = attribute.Name;
        string value = attribute.Value ?? "";
        string plain = string.Concat(System.Net.WebUtility.HtmlDecode(value).Where(c => c > ' ' && !char.IsWhiteSpace(c)));
        bool isRunning = s_runningSchemes.Any(scheme => plain.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));
        bool isInMessage = plain.StartsWith("cid:", StringComparison.OrdinalIgnoreCase) || plain.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase);
        return name.StartsWith("on", StringComparison.OrdinalIgnoreCase)
            || name.Equals("srcdoc", StringComparison.OrdinalIgnoreCase)
            || (s_fetching.Contains(name) ? !isInMessage : isRunning)
            || (name.Equals("style", StringComparison.OrdinalIgnoreCase) && (plain.Contains("url(", StringComparison.OrdinalIgnoreCase) || plain.Contains("expression", StringComparison.OrdinalIgnoreCase)
                || plain.Contains("import", StringComparison.OrdinalIgnoreCase) || plain.Contains('\\', StringComparison.Ordinal)));
    }

    // The one that says what the letters are.
    private static bool IsCharset(HtmlTagToken tag) => tag.Name.Equals("meta", StringComparison.OrdinalIgnoreCase)
        && tag.Attributes.All(attribute => attribute.Name.Equals("charset", StringComparison.OrdinalIgnoreCase) || attribute.Name.Equals("content", StringComparison.OrdinalIgnoreCase)
            || (attribute.Name.Equals("http-equiv", StringComparison.OrdinalIgnoreCase) && (attribute.Value ?? "").Equals("Content-Type", StringComparison.OrdinalIgnoreCase)));

    private static void WriteWithout(HtmlTagToken tag, StringWriter output)
    {
        output.Write('<');
        output.Write(tag.Name);
        foreach (HtmlAttribute attribute in tag.Attributes.Where(attribute => !IsBad(attribute)))
        {
            output.Write(' ');
            output.Write(attribute.Name);
            if (attribute.Value is { } value)
            {
                output.Write("=\"");
                output.Write(value.Replace("\"", "&quot;", StringComparison.Ordinal));
                output.Write('"');
            }
        }

        output.Write(tag.IsEmptyElement ? "/>" : ">");
    }
}
