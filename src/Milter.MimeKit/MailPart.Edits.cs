using MimeKit;
using Milter.Mime.Content;
using Milter.Mime.Edits;
using Milter.Mime.Names;

namespace Milter.Mime;

/// <content>Edits of one part. They are collected, and go out when the handlers have returned; every byte outside the part stays as it came.</content>
public sealed partial class MailPart
{
    /// <summary>Puts a text in the part's place.</summary>
    /// <param name="notice">What the recipient reads there. It is sent as <c>text/plain</c>, in UTF-8 where it is not ASCII.</param>
    /// <param name="breakSignature">Whether to do it within a signed part, too.</param>
    /// <returns>What became of it. A part that is within something encoded takes what encloses it along: that is replaced.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="notice"/> is <see langword="null"/>.</exception>
    public EditOutcome ReplaceWithNotice(string notice, bool breakSignature = false)
    {
        ArgumentNullException.ThrowIfNull(notice);
        MailPart part = this;
        while (part.Origin != PartOrigin.Mime)
        {
            part = part.Parent!;
        }

        EditOutcome outcome = Protection.Of(part, isInside: false, breakSignature);
        if (outcome != EditOutcome.Done)
        {
            return outcome;
        }

        PartEdit edit = part.Editing();
        if (part.Parent is { IsMultipart: true })
        {
            edit.Entity = EntityWriter.Text(notice, NewLine);
            return EditOutcome.Done;
        }

        // A message has fields of its own, which stay.
        (List<(string Name, string Value)> fields, byte[] content) = EntityWriter.TextParts(notice, NewLine);
        edit.ReplaceFields(fields);
        edit.Content = content;
        return EditOutcome.Done;
    }

    /// <summary>Takes the part out, with its boundary line. The last part of a multipart becomes an empty text, since a multipart has parts.</summary>
    /// <param name="breakSignature">Whether to do it within a signed part, too.</param>
    /// <returns>What became of it.</returns>
    public EditOutcome Remove(bool breakSignature = false)
    {
        if (Origin == PartOrigin.Mime && Parent is { IsMultipart: true } around && around.Children.Count(child => child.Edit is not { IsRemoved: true }) > 1)
        {
            EditOutcome outcome = Protection.Of(this, isInside: false, breakSignature);
            if (outcome == EditOutcome.Done)
            {
                Editing().IsRemoved = true;
            }

            return outcome;
        }

        return Origin == PartOrigin.Mime ? ReplaceWithNotice("", breakSignature) : EditOutcome.Enclosed;
    }

    /// <summary>Gives the part this name and takes away all others that it has: in Content-Disposition and in Content-Type, as any reader may find them.</summary>
    /// <param name="name">The name.</param>
    /// <param name="breakSignature">Whether to do it within a signed part, too.</param>
    /// <returns>What became of it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is <see langword="null"/>.</exception>
    public EditOutcome Rename(string name, bool breakSignature = false)
    {
        ArgumentNullException.ThrowIfNull(name);
        EditOutcome outcome = Protection.Of(this, isInside: false, breakSignature);
        if (outcome != EditOutcome.Done)
        {
            return outcome;
        }

        if (Names is [var only] && only == name)
        {
            return EditOutcome.Unchanged;
        }

        PartEdit edit = Editing();
        ContentDisposition disposition = Parsed<ContentDisposition>("Content-Disposition", ContentDisposition.TryParse) ?? new ContentDisposition(ContentDisposition.Attachment);
        Strip(disposition.Parameters);
        disposition.FileName = name;
        edit.SetField("Content-Disposition", EntityWriter.Value(disposition, NewLine));
        if (edit.Value("Content-Type") is not null)
        {
            ContentType type = Parsed<ContentType>("Content-Type", ContentType.TryParse) ?? new ContentType("application", "octet-stream");
            Strip(type.Parameters);
            type.Name = name;
            edit.SetField("Content-Type", EntityWriter.Value(type, NewLine));
        }

        return EditOutcome.Done;

        static void Strip(ParameterList parameters)
        {
            parameters.Remove("name");
            parameters.Remove("filename");
        }
    }

    /// <summary>Gives the part other content, in the encoding that it has (base64 where it has none that can carry it).</summary>
    /// <param name="content">The decoded content.</param>
    /// <param name="breakSignature">Whether to do it within a signed part, too.</param>
    /// <returns>What became of it; a multipart or a message is <see cref="EditOutcome.Unchanged"/>.</returns>
    public EditOutcome ReplaceContent(ReadOnlySpan<byte> content, bool breakSignature = false)
    {
        EditOutcome outcome = Protection.Of(this, isInside: true, breakSignature);
        if (outcome != EditOutcome.Done || !IsLeaf)
        {
            return outcome == EditOutcome.Done ? EditOutcome.Unchanged : outcome;
        }

        TransferEncoding encoding = Encoding == TransferEncoding.QuotedPrintable ? Encoding : TransferEncoding.Base64;
        PartEdit edit = Editing();
        edit.Insertions.Clear();
        edit.Content = EntityWriter.Encode(content, encoding, NewLine);
        if (Encoding != encoding)
        {
            edit.SetField("Content-Transfer-Encoding", " base64");
        }

        return EditOutcome.Done;
    }

    /// <summary>Takes out of an HTML part what runs (scripts, handlers), frames, forms, and what is fetched from elsewhere; comments, too. The rest is written as MimeKit's tokenizer writes it.</summary>
    /// <param name="breakSignature">Whether to do it within a signed part, too.</param>
    /// <returns>What became of it; <see cref="EditOutcome.Unchanged"/> where there is nothing to take out, or where it is no HTML.</returns>
    /// <remarks>It makes mail more harmless and promises no safety: browsers read broken HTML in ways that no tokenizer foresees. Style sheets of the page stay, without what they fetch from elsewhere.</remarks>
    public EditOutcome Neutralize(bool breakSignature = false)
    {
        return RewriteHtml(HtmlNeutralizer.Neutralize, breakSignature);
    }

    /// <summary>Writes an HTML part anew, with what is on an allow-list and nothing else: text, layout, tables, links (http, https, mailto), and images that are in the message (<c>cid:</c>).</summary>
    /// <param name="breakSignature">Whether to do it within a signed part, too.</param>
    /// <returns>What became of it; <see cref="EditOutcome.Unchanged"/> where it is no HTML, <see cref="EditOutcome.Unreadable"/> where it is larger or more nested than is read (4 MiB, 50,000 tags and attributes, 400 deep).</returns>
    /// <remarks>The parser and the list are HtmlSanitizer's (<see href="https://github.com/mganss/HtmlSanitizer"/>). The part is written as that parser understands it, so mail that relies on style sheets of the page looks otherwise than before; <see cref="Neutralize"/> leaves more of it.</remarks>
    public EditOutcome Sanitize(bool breakSignature = false)
    {
        bool isReadable = true;
        EditOutcome outcome = RewriteHtml(
            html =>
            {
                string? clean = HtmlAllowList.Sanitize(html);
                isReadable = clean is not null;
                return clean == html ? null : clean;
            },
            breakSignature);
        return isReadable ? outcome : EditOutcome.Unreadable;
    }

    // The new HTML, or null where it stays as it is.
    private EditOutcome RewriteHtml(Func<string, string?> rewrite, bool breakSignature)
    {
        if (MediaType is not ("text/html" or "application/xhtml+xml"))
        {
            return EditOutcome.Unchanged;
        }

        EditOutcome outcome = Protection.Of(this, isInside: true, breakSignature);
        return outcome != EditOutcome.Done ? outcome
            : TextContent.Read(this) is not { } text ? EditOutcome.Unreadable
            : rewrite(text.Decode()) is { } html ? text.Replace(html)
            : EditOutcome.Unchanged;
    }

    internal string NewLine => Source.UsesCrLf == false ? "\n" : "\r\n";

    internal PartEdit Editing() => Edit ??= new PartEdit(this);

    private delegate bool TryParse<T>(ParserOptions options, byte[] value, out T? parsed);

    private T? Parsed<T>(string name, TryParse<T> parse)
        where T : class
    {
        foreach (Reading.ContentField field in Header.Named(name))
        {
            if (parse(FieldText.Loose, field.Value, out T? parsed))
            {
                return parsed;
            }
        }

        return null;
    }
}
