using System.Globalization;
using System.Text;
using Milter.Mime.Names;

namespace Milter.Mime.Edits;

/// <summary>Puts a text into what a reader sees first of a message: into its text and into its HTML.</summary>
internal sealed class Banner(string? text, string? html, bool isAtTop, bool breakSignature)
{
    public EditOutcome AddTo(MailPart root)
    {
        var bodies = new List<MailPart>();
        EditOutcome outcome = Find(root, bodies);
        if (bodies.Count == 0)
        {
            return outcome;
        }

        outcome = EditOutcome.Unchanged;
        foreach (MailPart body in bodies)
        {
            EditOutcome one = Protection.Of(body, isInside: true, breakSignature);
            one = one == EditOutcome.Done ? Add(body) : one;
            outcome = one == EditOutcome.Done || outcome == EditOutcome.Unchanged ? one : outcome;
        }

        return outcome;
    }

    // Alternatives are one text; of other multiparts the first part is what is read. A message in it is somebody else's.
    private EditOutcome Find(MailPart part, List<MailPart> bodies)
    {
        EditOutcome outcome = Protection.Of(part, isInside: part.IsMultipart || Reading.MediaTypes.IsPkcs7(part.MediaType), breakSignature);
        if (outcome != EditOutcome.Done)
        {
            return outcome;
        }

        outcome = EditOutcome.Unchanged;
        if (part.IsMultipart)
        {
            int before = bodies.Count;
            MailPart? start = StartOf(part);
            foreach (MailPart child in part.Children)
            {
                bool isFound = bodies.Count > before || outcome != EditOutcome.Unchanged;
                if (part.MediaType == "multipart/alternative" || !isFound || child == start)
                {
                    outcome = Find(child, bodies);
                }
            }

            return outcome;
        }

        if (part.MediaType is "text/plain" or "text/html" && part.Disposition != "attachment" && (part.Names.Count == 0 || IsFirst(part)))
        {
            bodies.Add(part);
        }

        return outcome;
    }

    // The part of a multipart/related that some readers begin with (RFC 2387, 3.2); the others take the first.
    private static MailPart? StartOf(MailPart part)
    {
        string? start = part.MediaType == "multipart/related" ? part.Header.Named("Content-Type").SelectMany(field => NameReader.Values(field.Value, "start")).FirstOrDefault() : null;
        return start is null ? null : part.Children.FirstOrDefault(child => child.Header.Named("Content-ID").Any(field => Bare(FieldText.FromBytes(field.Value)) == Bare(start)));
    }

    // A text with a name is a file, but for what comes first: that is shown as the message, whatever it is called.
    private static bool IsFirst(MailPart part) => part.Parent is not { } around || ((around.MediaType == "multipart/alternative" || around.Children[0] == part) && IsFirst(around));

    private EditOutcome Add(MailPart body)
    {
        bool isHtml = body.MediaType == "text/html";
        if (TextContent.Read(body) is not { } content)
        {
            return EditOutcome.Unreadable;
        }

        string added = isHtml ? html ?? HtmlOf(text!) : text ?? TextOf(html!);
        string there = content.Decode();
        if (added.Length == 0 || Bare(there).Contains(Bare(added), StringComparison.Ordinal))
        {
            return EditOutcome.Unchanged;
        }

        return isHtml ? AddHtml(body, content, there, added) : AddText(body, content, added);
    }

    private EditOutcome AddText(MailPart body, TextContent content, string added)
    {
        string newLine = body.NewLine;
        string lines = EntityWriter.Lines(added.TrimEnd('\r', '\n'), newLine);
        bool isFlowed = body.Header.Named("Content-Type").Any(field => NameReader.Values(field.Value, "format").Contains("flowed", StringComparer.OrdinalIgnoreCase));
        if (isFlowed)
        {
            lines = string.Join(newLine, lines.Split(newLine).Select(Stuffed));
        }

        if (isAtTop)
        {
            return content.Insert(0, lines + newLine);
        }

        string last = content.IsAsciiBased ? Encoding.Latin1.GetString(content.Bytes.AsSpan(Math.Max(0, content.Bytes.Length - 3))) : content.Decode();
        bool endsLine = last.Length == 0 || last.EndsWith('\n');

        // A blank at the end of a flowed line would join it and the banner (RFC 3676, 4.2).
        string before = (endsLine ? "" : newLine) + (isFlowed && last.TrimEnd('\r', '\n').EndsWith(' ') ? newLine : "");
        return content.Insert(content.Bytes.Length, before + lines + (endsLine ? newLine : ""));
    }

    // RFC 3676, 4.2 and 4.4.
    private static string Stuffed(string line)
    {
        string trimmed = line == "-- " ? line : line.TrimEnd(' ');
        return trimmed.StartsWith(' ') || trimmed.StartsWith('>') || trimmed.StartsWith("From ", StringComparison.Ordinal) ? " " + trimmed : trimmed;
    }

    private EditOutcome AddHtml(MailPart body, TextContent content, string there, string added)
    {
        string ascii = EntityWriter.Lines(Entities(added), body.NewLine);
        if (!content.IsAsciiBased)
        {
            return content.Replace(there.Insert(Place(there), ascii));
        }

        return content.Insert(Place(content.AsciiText), ascii);
    }

    private int Place(string document) => isAtTop ? HtmlPlace.Top(document) : HtmlPlace.Bottom(document);

    private static string HtmlOf(string text) => "<p>" + System.Net.WebUtility.HtmlEncode(text.Trim()).Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "<br>\n", StringComparison.Ordinal) + "</p>\n";

    private static string TextOf(string html)
    {
        var text = new StringBuilder();
        bool isTag = false;
        foreach (char c in html)
        {
            if (c is '<' or '>')
            {
                isTag = c == '<';
            }
            else if (!isTag)
            {
                text.Append(c);
            }
        }

        return System.Net.WebUtility.HtmlDecode(text.ToString()).Trim();
    }

    // What is not ASCII as its number, so that the document's charset does not matter.
    private static string Entities(string html)
    {
        if (Ascii.IsValid(html))
        {
            return html;
        }

        var text = new StringBuilder(html.Length * 2);
        foreach (Rune rune in html.EnumerateRunes())
        {
            _ = rune.IsAscii ? text.Append((char)rune.Value) : text.Append(CultureInfo.InvariantCulture, $"&#{rune.Value};");
        }

        return text.ToString();
    }

    // Without what quoting, folding and other programs change, so that the banner is found in an answer.
    private static string Bare(string text) => string.Concat(System.Net.WebUtility.HtmlDecode(text).Where(c => !char.IsWhiteSpace(c) && c is not ('>' or '<' or '"' or '\'')));
}
