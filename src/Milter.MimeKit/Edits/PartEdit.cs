using Milter.Mime.Reading;

namespace Milter.Mime.Edits;

/// <summary>What is to become of a part: of its content fields, of its content, or of all of it.</summary>
internal sealed class PartEdit(MailPart part)
{
    private readonly List<EditedField> _fields = [.. part.Header.Content.Where(field => field.Length > 0).Select(field => new EditedField(field.Name, field.Value, field))];

    /// <summary>Gets the content fields as they will be.</summary>
    public IReadOnlyList<EditedField> Fields => _fields;

    /// <summary>Gets those of the message's content fields that go.</summary>
    public IEnumerable<ContentField> RemovedFields => part.Header.Content.Where(one => one.Length > 0 && !_fields.Exists(kept => kept.Original is { } original && original.Offset == one.Offset));

    public bool HasFieldChanges => _fields.Exists(one => one.IsChanged) || RemovedFields.Any();

    /// <summary>Gets or sets a value indicating whether the part goes, with its boundary.</summary>
    public bool IsRemoved { get; set; }

    /// <summary>Gets or sets the whole part, header and content, that stands in its place.</summary>
    public byte[]? Entity { get; set; }

    /// <summary>Gets or sets the new content, as it is sent.</summary>
    public byte[]? Content { get; set; }

    /// <summary>Gets or sets the charset of the new content, where it is another one.</summary>
    public string? Charset { get; set; }

    /// <summary>Gets what is put into the content that stays: places in the message, and bytes.</summary>
    public List<(long Place, byte[] Bytes)> Insertions { get; } = [];

    /// <summary>Gets a value indicating whether parts in it are there no more.</summary>
    public bool IsReplaced => IsRemoved || Entity is not null || Content is not null;

    public string? Value(string name) => _fields.Find(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } found ? Names.FieldText.FromBytes(found.Value) : null;

    /// <summary>Gives a field this value and takes away all others of its name.</summary>
    public void SetField(string name, string value)
    {
        byte[] bytes = System.Text.Encoding.Latin1.GetBytes(value);
        int first = _fields.FindIndex(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (first < 0)
        {
            _fields.Add(new EditedField(name, bytes, null));
            return;
        }

        _fields[first] = _fields[first] with { Value = bytes };
        for (int i = _fields.Count - 1; i > first; i--)
        {
            if (_fields[i].Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                _fields.RemoveAt(i);
            }
        }
    }

    /// <summary>Takes all content fields away, those with other meanings (Content-ID, Content-MD5) among them, and puts these in their place.</summary>
    public void ReplaceFields(IEnumerable<(string Name, string Value)> fields)
    {
        EditedField[] old = [.. _fields];
        _fields.Clear();
        foreach ((string name, string value) in fields)
        {
            EditedField? before = Array.Find(old, field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            _fields.Add(new EditedField(before?.Name ?? name, System.Text.Encoding.Latin1.GetBytes(value), before?.Original));
        }
    }
}
