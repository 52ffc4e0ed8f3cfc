using MimeKit;

namespace Milter.Mime.Reading;

/// <summary>The header of a part: where it is, its content fields, and what is odd about it.</summary>
internal sealed class HeaderBlock(long begin)
{
    // A part has a handful; whoever writes more wants to be misread.
    private const int MaxContentFields = 32;

    private readonly List<ContentField> _content = [];
    private readonly List<string> _signatures = [];
    private bool _isFirst = true;

    public long Begin { get; } = begin;

    public long End { get; set; } = begin;

    /// <summary>Gets or sets where its fields end, and the empty line begins, if there is one.</summary>
    public long FieldsEnd { get; set; } = begin;

    /// <summary>Gets or sets a value indicating whether an empty line ends it.</summary>
    public bool HasSeparator { get; set; }

    public bool HasMimeVersion { get; private set; }

    public IReadOnlyList<ContentField> Content => _content;

    /// <summary>Gets domain and selector of DKIM signatures.</summary>
    public IReadOnlyList<string> Signatures => _signatures;

    public bool HasTooManyFields { get; private set; }

    /// <summary>Gets the place of the first line that is no field, or -1: readers that take it for the beginning of the body begin there.</summary>
    public long FirstInvalid { get; private set; } = -1;

    public bool HasBareCr { get; private set; }

    public bool HasNul { get; private set; }

    public bool EndsInCrLf { get; private set; }

    public bool EndsInLf { get; private set; }

    /// <summary>Gets a value indicating whether other readers find other fields in it.</summary>
    public bool IsOdd => FirstInvalid >= 0 || HasBareCr || HasNul;

    public void Add(Header header)
    {
        ReadOnlySpan<byte> name = header.RawField;
        ReadOnlySpan<byte> value = header.RawValue;
        bool isInvalid = value.Length == 0;
        Look(isInvalid ? name : value);
        if (isInvalid)
        {
            // The first line of an mbox, which some programs leave.
            if (FirstInvalid < 0 && !(_isFirst && (name.StartsWith("From "u8) || name.StartsWith(">From "u8))))
            {
                FirstInvalid = header.Offset ?? Begin;
            }
        }
        else if (header.Field.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))
        {
            if (_content.Count < MaxContentFields)
            {
                _content.Add(new ContentField(header.Field, header.RawValue, header.Offset ?? Begin, name.Length + 1 + value.Length));
            }
            else
            {
                HasTooManyFields = true;
            }
        }

        if (header.Id == HeaderId.DkimSignature && _signatures.Count < MaxContentFields)
        {
            _signatures.Add(SignatureOf(header.Value));
        }

        HasMimeVersion |= header.Id == HeaderId.MimeVersion;
        _isFirst = false;
    }

    /// <summary>Takes fields that only other readers find.</summary>
    public void AddLoose(IEnumerable<ContentField> fields)
    {
        foreach (ContentField field in fields)
        {
            if (_content.Count < 2 * MaxContentFields && !_content.Exists(one => one.Is(field.Name) && Same(one.Value, field.Value)))
            {
                _content.Add(field);
            }
        }
    }

    /// <summary>Gets the first field of a name, and how many there are.</summary>
    public ContentField First(string name, out int count)
    {
        ContentField first = default;
        count = 0;
        foreach (ContentField field in _content)
        {
            if (field.Is(name) && count++ == 0)
            {
                first = field;
            }
        }

        return first;
    }

    public IEnumerable<ContentField> Named(string name) => _content.Where(one => one.Is(name));

    private static string SignatureOf(string value)
    {
        string[] tags = value.Split(';', StringSplitOptions.TrimEntries);
        return $"d={Tag("d=")} s={Tag("s=")}";

        string Tag(string name) => Array.Find(tags, tag => tag.Replace(" ", "", StringComparison.Ordinal).StartsWith(name, StringComparison.Ordinal)) is { } found
            ? found[(found.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim()
            : "?";
    }

    private static bool Same(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => left.Trim(" \t\r\n"u8).SequenceEqual(right.Trim(" \t\r\n"u8));

    private void Look(ReadOnlySpan<byte> text)
    {
        HasNul |= text.Contains((byte)0);
        while (text.IndexOfAny((byte)'\r', (byte)'\n') is >= 0 and var at)
        {
            if (text[at] == '\n')
            {
                EndsInLf = true;
                text = text[(at + 1)..];
            }
            else if (at + 1 < text.Length && text[at + 1] == '\n')
            {
                EndsInCrLf = true;
                text = text[(at + 2)..];
            }
            else
            {
                HasBareCr = true;
                text = text[(at + 1)..];
            }
        }
    }
}
