namespace Milter.Message;

/// <content>Edits by what a field says.</content>
internal sealed partial class HeaderEdits
{
    /// <summary>Says what becomes of a field, and its new value where that is <see cref="ShownEdit.Change"/>.</summary>
    public delegate ShownEdit Decide(HeaderField field, out ReadOnlySpan<byte> value);

    /// <summary>Goes over the fields of a name, top first, as they are by now; <paramref name="decide"/> gets each and says what becomes of it. Says how many were edited.</summary>
    public int Each(ReadOnlySpan<byte> name, Decide decide)
    {
        ThrowIfInserted(name);
        int edited = 0;
        for (int i = _added.Count - 1; i >= 0; i--)
        {
            edited += _added[i].Index != Bottom && EachAdded(i, name, decide) ? 1 : 0;
        }

        int occurrence = 0;
        for (int i = 0; i < _seen!.Count; i++)
        {
            if (!_seen[i].Is(name))
            {
                continue;
            }

            occurrence++;
            ref ShownField field = ref Shown(i);
            if (field.Edit == ShownEdit.Remove)
            {
                continue;
            }

            _seen.ThrowUnlessValues(i);
            ReadOnlySpan<byte> current = field.Edit == ShownEdit.Change ? _text[field.Value] : _seen[i].Value;
            ShownEdit edit = decide(new HeaderField(_seen[i].Name, current), out ReadOnlySpan<byte> value);
            if (edit != ShownEdit.None)
            {
                Edit(ref Shown(i), occurrence, edit, value);
                edited++;
            }
        }

        for (int i = 0; i < _added.Count; i++)
        {
            edited += _added[i].Index == Bottom && EachAdded(i, name, decide) ? 1 : 0;
        }

        return edited;
    }

    private bool EachAdded(int index, ReadOnlySpan<byte> name, Decide decide)
    {
        AddedField added = _added[index];
        if (added.IsDropped || !Is(added, name))
        {
            return false;
        }

        ShownEdit edit = decide(new HeaderField(_text[added.Name], _text[added.Value]), out ReadOnlySpan<byte> value);
        if (edit != ShownEdit.None)
        {
            _added[index] = edit == ShownEdit.Remove ? added with { IsDropped = true } : added with { Value = _text.Add(value) };
        }

        return edit != ShownEdit.None;
    }
}
