using Milter.Mime.Edits;

namespace Milter.Mime;

/// <content>Edits of the whole message, and what comes of all edits.</content>
public sealed partial class MailParts
{
    private readonly List<byte[]> _attached = [];
    private byte[]? _notice;

    /// <summary>Adds an attachment behind what is there. A message that is no <c>multipart/mixed</c> becomes the first part of one.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="mediaType">Its type, such as <c>application/pdf</c>.</param>
    /// <param name="content">Its content. It is sent in base64.</param>
    /// <returns><see cref="EditOutcome.Done"/>: nothing stands against it, since signed and encrypted parts stay as they are; <see cref="EditOutcome.Unreadable"/> where <see cref="IsTooLarge"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty, or <paramref name="mediaType"/> is no media type.</exception>
    public EditOutcome Attach(string name, string mediaType, ReadOnlySpan<byte> content)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (!MimeKit.ContentType.TryParse(mediaType, out _))
        {
            throw new ArgumentException($"\"{mediaType}\" is no media type. Write one such as application/pdf.", nameof(mediaType));
        }

        return IsTooLarge ? EditOutcome.Unreadable : Add(EntityWriter.Attachment(name, mediaType, content, Root.NewLine));
    }

    /// <summary>Adds a text as a part of its own behind what is there, as <see cref="Attach"/> does.</summary>
    /// <param name="text">The text.</param>
    /// <returns><see cref="EditOutcome.Done"/>; <see cref="EditOutcome.Unreadable"/> where <see cref="IsTooLarge"/>.</returns>
    public EditOutcome AddPart(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return IsTooLarge ? EditOutcome.Unreadable : Add(EntityWriter.Text(text, Root.NewLine));
    }

    /// <summary>Makes the message an attachment (<c>message/rfc822</c>) below a notice. Its sender, recipients, subject and all other fields but those of its content stay in the header, too.</summary>
    /// <param name="notice">What the recipient reads first.</param>
    /// <returns><see cref="EditOutcome.Done"/>; <see cref="EditOutcome.Unreadable"/> where <see cref="IsTooLarge"/>.</returns>
    public EditOutcome WrapOriginal(string notice)
    {
        ArgumentNullException.ThrowIfNull(notice);
        if (IsTooLarge)
        {
            return EditOutcome.Unreadable;
        }

        _notice = EntityWriter.Text(notice, Root.NewLine);
        return EditOutcome.Done;
    }

    /// <summary>Puts lines at the end of what is read of the message: of its text and of its HTML, in the charset of each where that can carry them.</summary>
    /// <param name="text">The lines.</param>
    /// <param name="html">The same as HTML; made of the text if <see langword="null"/>.</param>
    /// <param name="breakSignature">Whether to do it within a signed part, too.</param>
    /// <returns>What became of it; <see cref="EditOutcome.Unchanged"/> where there is no text, or where it has the lines already. Nothing is put into forwarded messages.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is <see langword="null"/>.</exception>
    public EditOutcome AppendText(string text, string? html = null, bool breakSignature = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new Banner(text, html, isAtTop: false, breakSignature).AddTo(Root);
    }

    /// <summary>Puts lines before what is read of the message.</summary>
    /// <inheritdoc cref="AppendText"/>
    public EditOutcome PrependText(string text, string? html = null, bool breakSignature = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new Banner(text, html, isAtTop: true, breakSignature).AddTo(Root);
    }

    /// <summary>Puts HTML at the end of what is read of the message.</summary>
    /// <param name="html">The HTML: a fragment, sent as it is.</param>
    /// <param name="text">The same as text; made of the HTML if <see langword="null"/>.</param>
    /// <inheritdoc cref="AppendText"/>
    public EditOutcome AppendHtml(string html, string? text = null, bool breakSignature = false)
    {
        ArgumentNullException.ThrowIfNull(html);
        return new Banner(text, html, isAtTop: false, breakSignature).AddTo(Root);
    }

    /// <summary>Puts HTML before what is read of the message.</summary>
    /// <param name="html">The HTML: a fragment, sent as it is.</param>
    /// <param name="text">The same as text; made of the HTML if <see langword="null"/>.</param>
    /// <inheritdoc cref="AppendText"/>
    public EditOutcome PrependHtml(string html, string? text = null, bool breakSignature = false)
    {
        ArgumentNullException.ThrowIfNull(html);
        return new Banner(text, html, isAtTop: true, breakSignature).AddTo(Root);
    }

    /// <summary>Gets a value indicating whether an edit was made.</summary>
    public bool IsEdited => _notice is not null || _attached.Count > 0 || _all.Exists(part => part.Edit is not null);

    /// <summary>Gets the DKIM signatures that an edit breaks (RFC 6376): domain and selector of each, if anything was edited.</summary>
    public IReadOnlyList<string> BrokenSignatures => IsEdited ? Root.Header.Signatures : [];

    /// <summary>Writes the message as it is with all edits made.</summary>
    /// <param name="output">Where to; not closed.</param>
    /// <remarks>Within a filter nobody has to call it: there the edits go out as the smallest set of changes.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="output"/> is <see langword="null"/>.</exception>
    public void WriteTo(Stream output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Stream source = Root.Source.Stream;
        MessageChange change = Changes();
        long at = 0;
        if (change.Fields.Count > 0 || (change.Splices.Count > 0 && !Root.Header.HasSeparator))
        {
            output.Write(WholeMessage.HeaderWith(Root, change.Fields, Root.NewLine));
            at = Root.ContentBegin;
        }

        foreach (Splice splice in change.Splices)
        {
            Copy(at, splice.Begin);
            output.Write(splice.Bytes);
            at = splice.End;
        }

        Copy(at, source.Length);

        void Copy(long begin, long end)
        {
            if (end > begin)
            {
                new Content.RangeStream(source, begin, end).CopyTo(output);
            }
        }
    }

    private EditOutcome Add(byte[] entity)
    {
        _attached.Add(entity);
        return EditOutcome.Done;
    }

    internal MessageChange Changes() => IsEdited ? new ChangeWriter(Root, Root.NewLine, _attached, _notice).Write() : new MessageChange([], []);
}
