namespace Milter.Message;

/// <content>The header that the edits lead to.</content>
internal sealed partial class HeaderEdits
{
    /// <summary>Gets why it can't be said where fields will stand, or <see langword="null"/> where it can.</summary>
    public string? Unforeseen => _hasRawIndex ? "fields are inserted at raw positions, which mean different places to different MTAs" : null;

    /// <summary>Writes the header as it will be: what is put on top, what was shown as it is by now, what is appended.</summary>
    /// <param name="block">Where to.</param>
    /// <param name="hasSpace">Whether values came with the space behind the colon.</param>
    /// <param name="space">Who writes it.</param>
    public void WriteTo(HeaderBlock block, bool hasSpace, ColonSpace space)
    {
        for (int i = _added.Count - 1; i >= 0; i--)
        {
            WriteAdded(block, _added[i], space, bottom: false);
        }

        for (int i = 0; i < _seen!.Count; i++)
        {
            ShownField field = i < _shown.Length ? _shown[i] : default;
            if (field.Edit == ShownEdit.None || (field.Edit == ShownEdit.Change && _seen.HasValue(i, _text[field.Value])))
            {
                _seen.WriteTo(block, i, hasSpace);
            }
            else if (field.Edit == ShownEdit.Change)
            {
                Write(block, _seen[i].Name, field.Value.Length == 0 && space == ColonSpace.OfTheMta ? " "u8 : _text[field.Value], space);
            }
        }

        foreach (AddedField added in _added)
        {
            WriteAdded(block, added, space, bottom: true);
        }
    }

    private void WriteAdded(HeaderBlock block, AddedField added, ColonSpace space, bool bottom)
    {
        if (!added.IsDropped && added.Index == Bottom == bottom)
        {
            Write(block, _text[added.Name], _text[added.Value], space);
        }
    }

    private static void Write(HeaderBlock block, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ColonSpace space)
    {
        using var spaced = new SpacedValue(value, space);
        block.Add(name, space == ColonSpace.OfTheMta ? " "u8 : default, spaced.Bytes);
    }
}
