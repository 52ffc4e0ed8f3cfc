using System.Text;
using Milter.Mime.Content;
using Milter.Mime.Names;
using Milter.Mime.Reading;

namespace Milter.Mime.Edits;

/// <summary>The text of a part: its decoded bytes, its charset, and how changed text goes back with as little change as can be.</summary>
internal sealed class TextContent
{
    private const int MaxSize = 16 << 20;
    private const int Ascii7 = 20127, Utf8 = 65001, Utf16 = 1200, Utf16BigEndian = 1201, Utf32 = 12000, Utf32BigEndian = 12001;

    // Bytes of a charset that is not known, as characters that no text has: whoever changes the text leaves them as they are.
    private const char Opaque = '\uf700';

    private readonly MailPart _part;
    private readonly Encoding? _encoding;
    private readonly byte[] _mark;
    private readonly bool _isOpaque;

    private TextContent(MailPart part, byte[] bytes, Encoding? encoding)
    {
        _part = part;
        _encoding = WithMark(encoding, bytes, out int mark);
        _mark = bytes[..mark];
        Bytes = bytes[mark..];
        _isOpaque = (_encoding is null || (_encoding is ASCIIEncoding && !System.Text.Unicode.Utf8.IsValid(Bytes))) && !Ascii.IsValid(Bytes);
    }

    /// <summary>Gets the decoded bytes, without a byte order mark.</summary>
    public byte[] Bytes { get; }

    /// <summary>Gets a char for each byte, with what is no ASCII character although it looks like one (ISO-2022-JP and its kin) left out.</summary>
    public string AsciiText
    {
        get
        {
            char[] chars = Encoding.Latin1.GetString(Bytes).ToCharArray();
            if (_encoding?.WebName.StartsWith("iso-2022", StringComparison.OrdinalIgnoreCase) == true)
            {
                bool isAscii = true;
                for (int i = 0; i < chars.Length; i++)
                {
                    isAscii = chars[i] switch
                    {
                        '\x1b' when i + 1 < chars.Length => chars[i + 1] == '(',
                        '\x0e' => false,
                        '\x0f' or '\n' => true,
                        _ => isAscii,
                    };
                    chars[i] = isAscii ? chars[i] : '\x7f';
                }
            }

            return new string(chars);
        }
    }

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
    public string Decode() => Decode(Bytes);

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
            edit.Insertions.Add((_part.ContentBegin + _mark.Length + place, inserted));
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
        string name = charset?.Trim() ?? "";
        int end = name.AsSpan().IndexOfAny(" \t(;,");
        name = name.Length == 0 ? "us-ascii" : end > 0 ? name[..end] : name;
        try
        {
            return Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ReplacementFallback);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            // MimeKit knows more spellings (utf8, iso8859-15).
            return new MimeKit.ContentType("text", "plain") { Charset = name }.CharsetEncoding is { } known
                ? Encoding.GetEncoding(known.CodePage, EncoderFallback.ExceptionFallback, DecoderFallback.ReplacementFallback)
                : null;
        }
    }

    // A byte order mark is no text, and says which order it is (RFC 2781, 4.3).
    private static Encoding? WithMark(Encoding? encoding, byte[] bytes, out int mark)
    {
        (Encoding? marked, mark) = (encoding?.CodePage, bytes) switch
        {
            (null or Ascii7 or Utf8, [0xef, 0xbb, 0xbf, ..]) => (encoding, 3),
            (Utf16 or Utf16BigEndian, [0xff, 0xfe, ..]) => (EncodingOf("utf-16"), 2),
            (Utf16 or Utf16BigEndian, [0xfe, 0xff, ..]) => (EncodingOf("utf-16BE"), 2),
            (Utf32 or Utf32BigEndian, [0xff, 0xfe, 0, 0, ..]) => (EncodingOf("utf-32"), 4),
            (Utf32 or Utf32BigEndian, [0, 0, 0xfe, 0xff, ..]) => (EncodingOf("utf-32BE"), 4),
            _ => (encoding, 0),
        };
        return marked;
    }

    private string Decode(byte[] bytes) => _isOpaque ? string.Concat(bytes.Select(one => one < 0x80 ? (char)one : (char)(Opaque + one)))
        : _encoding is null or ASCIIEncoding ? FieldText.Decode(Encoding.Latin1.GetString(bytes))
        : _encoding.GetString(bytes);

    private bool IsEightBit => _part.Edit?.Value("Content-Transfer-Encoding") is { } value
        ? value.Contains("8bit", StringComparison.OrdinalIgnoreCase) || value.Contains("binary", StringComparison.OrdinalIgnoreCase)
        : _part.Header.Named("Content-Transfer-Encoding").Any(one => FieldText.FromBytes(one.Value).Trim() is var word && (word.Equals("8bit", StringComparison.OrdinalIgnoreCase) || word.Equals("binary", StringComparison.OrdinalIgnoreCase)));

    private byte[]? TryEncode(string text)
    {
        if (_isOpaque || _encoding is null)
        {
            return text.All(c => c < 0x80 || (_isOpaque && c - Opaque is >= 0x80 and <= 0xff)) ? [.. text.Select(c => (byte)c)] : null;
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

    private int CharsBefore(int place) => Decode(Bytes[..place]).Length;

    private EditOutcome Write(byte[] text, bool keepsMark = true)
    {
        byte[] bytes = keepsMark ? [.. _mark, .. text] : text;
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
        if (_isOpaque || _encoding is null)
        {
            return EditOutcome.Unreadable;
        }

        PartEdit edit = _part.Editing();
        var type = MimeKit.ContentType.TryParse(FieldText.Loose, Encoding.Latin1.GetBytes(edit.Value("Content-Type") ?? " text/plain"), out MimeKit.ContentType? parsed)
            ? parsed
            : new MimeKit.ContentType("text", "plain");
        type.Charset = edit.Charset = "utf-8";
        edit.SetField("Content-Type", EntityWriter.Value(type, _part.NewLine));
        return Write(Encoding.UTF8.GetBytes(text), keepsMark: false);
    }
}
