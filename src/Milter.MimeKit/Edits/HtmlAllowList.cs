using AngleSharp;
using AngleSharp.Dom;
using Ganss.Xss;
using MimeKit.Text;

namespace Milter.Mime.Edits;

/// <summary>Writes HTML anew, with what is on an allow-list and nothing else. Parsing and list are HtmlSanitizer's; how much of a stranger's HTML it is given is decided here.</summary>
internal static class HtmlAllowList
{
    // The parser looks through the open elements at each tag, and writing goes down them by recursion: both are bounded, whatever a sender nests.
    private const int MaxLength = 4 << 20;
    private const int MaxTags = 50_000;
    private const int MaxDepth = 400;

    // Style sheets nest without bounds, too. Those of the page go; an attribute of this size is none that people write.
    private const int MaxStyle = 4096;
    private const int MaxStyleBrackets = 32;

    // Elements that other parsers read differently from this one, or whose content is not among the children.
    private static readonly HashSet<string> s_dropped = new(StringComparer.OrdinalIgnoreCase)
    {
        "script", "style", "template", "svg", "math", "noscript", "noembed", "noframes", "iframe", "frameset", "object", "applet", "embed", "xmp", "plaintext", "title", "base", "link", "meta",
    };

    private static readonly string[] s_forms = ["form", "input", "button", "select", "optgroup", "option", "textarea", "datalist", "keygen", "output", "fieldset", "legend", "label"];

    private static readonly HtmlSanitizer s_sanitizer = Make();

    /// <summary>Gives the HTML with what is allowed; <see langword="null"/> where it is too large or too deep to be read.</summary>
    public static string? Sanitize(string html)
    {
        if (html.Length > MaxLength || Tags(html) > MaxTags)
        {
            return null;
        }

        using var context = BrowsingContext.New();
        using AngleSharp.Html.Dom.IHtmlDocument document = new AngleSharp.Html.Parser.HtmlParser(default, context).ParseDocument(html);
        return TryPrune(document) ? s_sanitizer.SanitizeDocument(document.ToHtml()) : null;
    }

    private static HtmlSanitizer Make()
    {
        // What stands in an element that is not known (Outlook's o:p) or not allowed (a form) is read all the same; what is not to be read was dropped before.
        var sanitizer = new HtmlSanitizer { KeepChildNodes = true };
        sanitizer.AllowedTags.ExceptWith(s_forms);
        sanitizer.AllowedAttributes.ExceptWith(["action", "method", "enctype", "accept", "accept-charset", "autocomplete", "novalidate", "background"]);
        sanitizer.AllowedSchemes.Add("mailto");
        sanitizer.AllowedSchemes.Add("cid");
        sanitizer.FilterUrl += static (_, url) => url.SanitizedUrl = IsAllowed(url) ? url.SanitizedUrl : null;
        return sanitizer;
    }

    // A link is followed by who reads; everything else is fetched, and has to be in the message.
    private static bool IsAllowed(FilterUrlEventArgs url) => url.Tag.LocalName is "a" or "area" && url.Tag.GetAttribute("href") == url.OriginalUrl
        ? url.SanitizedUrl is not null
        : url.OriginalUrl.TrimStart().StartsWith("cid:", StringComparison.OrdinalIgnoreCase);

    private static int Tags(string html)
    {
        using var reader = new StringReader(html);
        var tokenizer = new HtmlTokenizer(reader) { DecodeCharacterReferences = false };
        int tags = 0;
        while (tags <= MaxTags && tokenizer.ReadNextToken(out HtmlToken? token))
        {
            tags += token is HtmlTagToken tag ? 1 + tag.Attributes.Count : 0;
        }

        return tags;
    }

    // Without recursion: how deep it is is what is asked.
    private static bool TryPrune(INode root)
    {
        int depth = 0;
        INode? node = root.FirstChild;
        while (node is not null)
        {
            INode? next = node.NextSibling;
            INode? parent = node.Parent;
            if (node is IElement element)
            {
                if (s_dropped.Contains(element.LocalName))
                {
                    element.Remove();
                    (node, depth) = Next(next, parent, root, depth);
                    continue;
                }

                if (element.GetAttribute("style") is { } style && (style.Length > MaxStyle || style.Count(c => c is '(' or '{' or '[') > MaxStyleBrackets))
                {
                    element.RemoveAttribute("style");
                }
            }

            if (node.FirstChild is { } child)
            {
                if (++depth > MaxDepth)
                {
                    return false;
                }

                node = child;
            }
            else
            {
                (node, depth) = Next(next, parent, root, depth);
            }
        }

        return true;
    }

    private static (INode? Node, int Depth) Next(INode? sibling, INode? parent, INode root, int depth)
    {
        while (sibling is null && parent is not null && parent != root)
        {
            sibling = parent.NextSibling;
            parent = parent.Parent;
            depth--;
        }

        return (sibling, depth);
    }
}
