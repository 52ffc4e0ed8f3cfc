using System.Buffers;

namespace Milter.Mime.Edits;

/// <summary>Finds the places of an HTML document where what is put into it is read: not within a comment, a style sheet or a title, nor behind a tag that only looks like the beginning of the body.</summary>
/// <remarks>Tags are told from text as a browser does it (WHATWG HTML, 13.2.5), since a sender may have written the document so that a banner is not seen.</remarks>
internal static class HtmlPlace
{
    // What is in these is text up to their own end.
    private static readonly HashSet<string> s_raw = new(StringComparer.OrdinalIgnoreCase) { "script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes" };

    // What may stand before the body without being shown; whatever else comes begins the body.
    private static readonly HashSet<string> s_head = new(StringComparer.OrdinalIgnoreCase) { "html", "head", "meta", "link", "base", "script", "style", "title" };

    private static readonly SearchValues<char> s_endsName = SearchValues.Create(" \t\r\n\f/>");
    private static readonly SearchValues<char> s_endsValue = SearchValues.Create(" \t\r\n\f>");

    /// <summary>Gives the place before all that is shown.</summary>
    public static int Top(ReadOnlySpan<char> document)
    {
        int at = 0;
        while (at < document.Length)
        {
            int tag = document[at..].IndexOf('<');
            int text = document[at..].IndexOfAnyExcept(" \t\r\n\f");
            if (text >= 0 && text != tag)
            {
                return at + text;
            }

            if (tag < 0)
            {
                break;
            }

            at += tag;
            Token token = Next(document, at);
            if (token.IsBegin && token.Name is "body")
            {
                return token.End;
            }

            if (token.IsOpen || (token.IsBegin && !s_head.Contains(token.Name)) || token is { Name: "", IsMarkup: false })
            {
                return at;
            }

            at = token.End;
        }

        return at;
    }

    /// <summary>Gives the place behind all that is shown.</summary>
    public static int Bottom(ReadOnlySpan<char> document)
    {
        int body = -1;
        int html = -1;
        int at = 0;
        while (at < document.Length && document[at..].IndexOf('<') is >= 0 and var tag)
        {
            at += tag;
            Token token = Next(document, at);
            if (token.IsOpen)
            {
                break;
            }

            body = token is { IsEnd: true, Name: "body" } ? at : body;
            html = token is { IsEnd: true, Name: "html" } ? at : html;
            at = token.End;
        }

        bool isOpen = at < document.Length && document[at] == '<';
        return body >= 0 ? body : html >= 0 ? html : isOpen ? at : document.Length;
    }

    /// <summary>What begins with a less-than sign.</summary>
    /// <param name="Name">The tag's name in lower case; empty where it is none.</param>
    /// <param name="IsBegin">Whether it is a start tag.</param>
    /// <param name="IsEnd">Whether it is an end tag.</param>
    /// <param name="IsMarkup">Whether it is a comment, or what browsers take for one.</param>
    /// <param name="IsOpen">Whether it has no end, so that nothing behind it is shown.</param>
    /// <param name="End">Where it ends; for an element whose content is no markup, where that ends.</param>
    private readonly record struct Token(string Name, bool IsBegin, bool IsEnd, bool IsMarkup, bool IsOpen, int End);

    private static Token Next(ReadOnlySpan<char> document, int at)
    {
        ReadOnlySpan<char> rest = document[(at + 1)..];
        if (rest.StartsWith("!--"))
        {
            int end = EndOfComment(rest);
            return new Token("", false, false, IsMarkup: true, end < 0, at + 1 + Math.Max(0, end));
        }

        bool isEnd = rest.StartsWith("/");
        ReadOnlySpan<char> tag = isEnd ? rest[1..] : rest;
        if (tag.Length == 0 || !char.IsAsciiLetter(tag[0]))
        {
            bool isMarkup = isEnd || rest.StartsWith("!") || rest.StartsWith("?");
            int close = isMarkup ? rest.IndexOf('>') : 0;
            return new Token("", false, false, isMarkup, close < 0, at + 1 + (isMarkup ? close + 1 : 0));
        }

        int length = tag.IndexOfAny(s_endsName);
        string name = (length < 0 ? tag : tag[..length]).ToString().ToLowerInvariant();
        int ends = length < 0 ? -1 : EndOfTag(tag, length);
        if (ends < 0)
        {
            return new Token(name, !isEnd, isEnd, false, IsOpen: true, document.Length);
        }

        ends += at + (isEnd ? 2 : 1);
        if (isEnd || !s_raw.Contains(name))
        {
            return new Token(name, !isEnd, isEnd, false, false, ends);
        }

        int content = EndOfRaw(document, ends, name);
        return new Token(name, true, false, false, content < 0, Math.Max(ends, content));
    }

    // A quote is one only behind an equals sign; elsewhere it is part of a name or a value.
    private static int EndOfTag(ReadOnlySpan<char> tag, int at)
    {
        while (at < tag.Length)
        {
            char c = tag[at++];
            if (c == '>')
            {
                return at;
            }

            if (c != '=')
            {
                continue;
            }

            while (at < tag.Length && tag[at] is ' ' or '\t' or '\r' or '\n' or '\f')
            {
                at++;
            }

            if (at < tag.Length && tag[at] is '"' or '\'')
            {
                int close = tag[(at + 1)..].IndexOf(tag[at]);
                if (close < 0)
                {
                    return -1;
                }

                at += close + 2;
            }
            else
            {
                int end = at < tag.Length ? tag[at..].IndexOfAny(s_endsValue) : -1;
                if (end < 0)
                {
                    return -1;
                }

                at += end;
            }
        }

        return -1;
    }

    private static int EndOfRaw(ReadOnlySpan<char> document, int at, string name)
    {
        while (document[at..].IndexOf("</", StringComparison.Ordinal) is >= 0 and var next)
        {
            at += next;
            ReadOnlySpan<char> tag = document[(at + 2)..];
            if (tag.StartsWith(name, StringComparison.OrdinalIgnoreCase) && tag.Length > name.Length && tag[name.Length] is ' ' or '\t' or '\r' or '\n' or '\f' or '/' or '>')
            {
                return at;
            }

            at += 2;
        }

        return -1;
    }

    // Behind --> or --!>. <!--> and <!---> are whole comments. Each char is looked at once, however many dashes there are.
    private static int EndOfComment(ReadOnlySpan<char> text)
    {
        int at = 1;
        while (text[at..].IndexOf("--", StringComparison.Ordinal) is >= 0 and var next)
        {
            at += next;
            ReadOnlySpan<char> rest = text[(at + 2)..];
            if (rest.StartsWith(">") || (at > 2 && rest.StartsWith("!>")))
            {
                return at + (rest[0] == '>' ? 3 : 4);
            }

            at++;
        }

        return -1;
    }
}
