using System.Text;
using Milter.Mime.Content;
using Milter.Mime.Names;
using Milter.Mime.Reading;

namespace Milter.Mime.Edits;

/// <summary>The text of a part: its decoded bytes, its charset, and how changed text goes back with as little change as can be.</summary>
internal sealed class TextContent
{
    private const int MaxSize = 16 << 20;

    private readonly MailPart _part;
    private readonly Encoding? _encoding;

    private TextContent(MailPart part, byte[] bytes, Encoding? encoding) => (_part, Bytes, _encoding) = (part, bytes, encoding);

    /// <summary>Gets the decoded bytes.</summary>
    public byte[] Bytes { get; }

    /// <summary>Gets a value indicating whether each ASCII character is its own byte, wherever it stands.</summary>
    public bool IsAsciiBased => _encoding is null || (_encoding.GetByteCount("a<") == 2);

    /// <summary>Reads a text with what was edited before.</summary>
    /// <returns>The text, or <see langword="null"/> where it is too large, or UTF-7, in which no reader sees the text that another one does.</returns>
    public static TextContent? Read(MailPart part)
    {
        string? named = part.Edit is { } edit && edit.Charset is { } charset ? charset : part.Charset;
        if (Utf7.Is(named))
        {
            return null;
        }

        using Stream content = Open(part);
        var kept = new MemoryStream();
        byte[] buffer = new byte[32 * 1024];
        while (content.Read(buffer) is > 0 and var count)
        {
            if (kept.Length + count > MaxSize)
            {
                return null;
            }

            kept.Write(buffer, 0, count);
        }

        return new TextContent(part, kept.ToArray(), EncodingOf(named));
    }

    /// <summary>Gives the text.</summary>
    public string Decode() => _encoding is null || _encoding is ASCIIEncoding ? FieldText.Decode(Encoding.Latin1.GetString(Bytes)) : _encoding.GetString(Bytes);

    /// <summary>Puts text into the text, at a place in <see cref="Bytes"/>.</summary>
    public EditOutcome Insert(int place, string text)
    {
        byte[]? inserted = TryEncode(text);
        if (inserted is null)
        {
            return ToUtf8(Decode().Insert(CharsBefore(place), text));
        }

        TransferEncoding encoding = _part.Encoding;
        PartEdit edit = _part.Editing();
        bool isIdentity = encoding == TransferEncoding.None && (Ascii.IsValid(inserted) || IsEightBit);
        if (isIdentity && edit.Content is null && edit.Insertions.Count == 0)
        {
            edit.Insertions.Add((_part.ContentBegin + place, inserted));
            return EditOutcome.Done;
        }

        return Write([.. Bytes.AsSpan(0, place), .. inserted, .. Bytes.AsSpan(place)]);
    }

    /// <summary>Gives the part this text.</summary>
    public EditOutcome Replace(string text) => TryEncode(text) is { } bytes ? Write(bytes) : ToUtf8(text);

    private static Stream Open(MailPart part)
    {
        if (part.Edit is not { } edit || (edit.Content is null && edit.Insertions.Count == 0))
        {
            return part.OpenContent();
        }

        // Insertions are made only where nothing is encoded.
        byte[] raw = edit.Content ?? SourceReader.Bytes(part.Source.Stream, part.ContentBegin, part.ContentEnd - part.ContentBegin);
        foreach ((long place, byte[] bytes) in edit.Insertions)
        {
            int at = (int)(place - part.ContentBegin);
            raw = [.. raw.AsSpan(0, at), .. bytes, .. raw.AsSpan(at)];
        }

        return TransferEncodings.Open(new MemoryStream(raw), part.Encoding);
    }

    private static Encoding? EncodingOf(string? charset)
    {
        try
        {
            return Encoding.GetEncoding(string.IsNullOrWhiteSpace(charset) ? "us-ascii" : charset.Trim(), EncoderFallback.ExceptionFallback, DecoderFallback.ReplacementFallback);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private bool IsEightBit => _part.Edit?.Value("Content-Transfer-Encoding") is { } value
        ? value.Contains("8bit", StringComparison.OrdinalIgnoreCase) || value.Contains("binary", StringComparison.OrdinalIgnoreCase)
        : _part.Header.Named("Content-Transfer-Encoding").Any(one => FieldText.FromBytes(one.Value).Trim() is var word && (word.Equals("8bit", StringComparison.OrdinalIgnoreCase) || word.Equals("binary", StringComparison.OrdinalIgnoreCase)));

    private byte[]? TryEncode(string text)
    {
        if (_encoding is null)
        {
            return Ascii.IsValid(text) ? Encoding.ASCII.GetBytes(text) : null;
        }

        try
        {
            return _encoding.GetBytes(text);
        }
        catch (EncoderFallbackException)
        {
            return null;
        }
    }

    private int CharsBefore(int place) => _encoding is null || _encoding is ASCIIEncoding
        ? FieldText.Decode(Encoding.Latin1.GetString(Bytes.AsSpan(0, place))).Length
        : _encoding.GetCharCount(Bytes, 0, place);

    private EditOutcome Write(byte[] bytes)
    {
        PartEdit edit = _part.Editing();
        TransferEncoding encoding = _part.Encoding;
        bool fits = encoding != TransferEncoding.None || IsEightBit || Ascii.IsValid(bytes);
        edit.Insertions.Clear();
        if (!fits || encoding == TransferEncoding.Uuencode)
        {
            encoding = TransferEncoding.QuotedPrintable;
            edit.SetField("Content-Transfer-Encoding", " quoted-printable");
            _part.Encoding = encoding;
        }

        edit.Content = EntityWriter.Encode(bytes, encoding, _part.NewLine);
        return EditOutcome.Done;
    }

    // In a charset that can't carry it, the whole text becomes UTF-8 and says so.
    private EditOutcome ToUtf8(string text)
    {
        if (_encoding is null)
        {
            return EditOutcome.Unreadable;
        }

        PartEdit edit = _part.Editing();
        var type = MimeKit.ContentType.TryParse(FieldText.Loose, Encoding.Latin1.GetBytes(edit.Value("Content-Type") ?? " text/plain"), out MimeKit.ContentType? parsed)
            ? parsed
            : new MimeKit.ContentType("text", "plain");
        type.Charset = edit.Charset = "utf-8";
        edit.SetField("Content-Type", EntityWriter.Value(type, _part.NewLine));
        return Write(Encoding.UTF8.GetBytes(text));
    }
}
