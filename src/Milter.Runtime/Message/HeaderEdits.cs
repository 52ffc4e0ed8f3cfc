using System.Text;
using Milter.Protocol;

namespace Milter.Message;

/// <summary>Edits of the header, kept so that their end result is that of making them one after another on the header that was shown.</summary>
internal sealed partial class HeaderEdits
{
    /// <summary>Where fields are appended: beyond the end of every header, and below what MTAs read as negative, Postfix's one more included.</summary>
    private const int Bottom = 1_000_000_000;

    private const int KeptFields = 512;

    private readonly ByteArena _text = new();
    private readonly List<AddedField> _added = [];
    private ShownField[] _shown = [];
    private MessageHeaders? _seen;
    private bool _hasRawIndex;
    private bool _hasShownEdits;

    public MessageHeaders Seen => _seen!;

    public void Begin(MessageHeaders seen) => _seen = seen;

    public void Reset()
    {
        _text.Clear();
        _added.Clear();
        if (_shown.Length > KeptFields)
        {
            _shown = [];
        }
        else if (_hasShownEdits)
        {
            Array.Clear(_shown);
        }

        _seen = null;
        _hasRawIndex = false;
        _hasShownEdits = false;
    }

    public void Insert(int index, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        _added.Add(new AddedField(index, _text.Add(name), _text.Add(value)));
        _hasRawIndex |= index != 0;
    }

    public void Append(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => _added.Add(new AddedField(Bottom, _text.Add(name), _text.Add(value)));

    /// <summary>Changes an occurrence as it was shown, or removes it where there is no value; says whether it was still there.</summary>
    public bool Change(ReadOnlySpan<byte> name, int occurrence, ReadOnlySpan<byte> value, bool remove)
    {
        int count = 0;
        for (int i = 0; i < _seen!.Count; i++)
        {
            if (_seen[i].Is(name) && ++count == occurrence)
            {
                ref ShownField field = ref Shown(i);
                if (field.Edit == ShownEdit.Remove)
                {
                    return false;
                }

                Edit(ref field, occurrence, remove ? ShownEdit.Remove : ShownEdit.Change, value);
                return true;
            }
        }

        return false;
    }

    /// <summary>Says whether a field of this name was shown with this very value.</summary>
    public bool IsShown(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        for (int i = 0; i < _seen!.Count; i++)
        {
            if (_seen[i].Is(name) && _seen.HasValue(i, value))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Says whether there is a field of this name that <see cref="Keep"/> would find.</summary>
    public bool Has(ReadOnlySpan<byte> name)
    {
        foreach (AddedField added in _added)
        {
            if (!added.IsDropped && Is(added, name))
            {
                return true;
            }
        }

        for (int i = 0; i < _seen!.Count; i++)
        {
            if (_seen[i].Is(name) && (i >= _shown.Length || _shown[i].Edit != ShownEdit.Remove))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Removes the fields of a name; where <paramref name="keepFirst"/>, the topmost stays and gets the value. Says how many there were.</summary>
    public int Keep(ReadOnlySpan<byte> name, bool keepFirst, ReadOnlySpan<byte> value)
    {
        ThrowIfInserted(name);
        int found = 0;

        // From the top: what was put there last, what was shown, what was appended first.
        for (int i = _added.Count - 1; i >= 0; i--)
        {
            if (_added[i].Index != Bottom)
            {
                KeepAdded(i, name, keepFirst, value, ref found);
            }
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
            if (field.Edit != ShownEdit.Remove)
            {
                bool keep = keepFirst && found == 0;
                Edit(ref field, occurrence, keep ? ShownEdit.Change : ShownEdit.Remove, value);
                found++;
            }
        }

        for (int i = 0; i < _added.Count; i++)
        {
            if (_added[i].Index == Bottom)
            {
                KeepAdded(i, name, keepFirst, value, ref found);
            }
        }

        return found;
    }

    /// <summary>
    /// Writes changes and deletions from the bottom up, then what is inserted in the order of the calls, then what is appended: Postfix renumbers after a
    /// deletion and Sendmail does not, and only so both mean the same fields.
    /// </summary>
    public void WriteTo(FrameBuffer output, ColonSpace space, ref EditTally tally)
    {
        for (int i = _hasShownEdits ? _seen!.Count - 1 : -1; i >= 0; i--)
        {
            ShownField field = _shown[i];
            if (field.Edit == ShownEdit.Remove)
            {
                ReplyWriter.ChangeHeader(output, (uint)field.Occurrence, _seen![i].Name, default);
                tally.Add(EditKind.HeaderRemove, _seen[i].Name);
            }
            else if (field.Edit == ShownEdit.Change && !_seen!.HasValue(i, _text[field.Value]))
            {
                // An empty value would delete; a blank one is empty to readers.
                ReadOnlySpan<byte> value = field.Value.Length == 0 && space == ColonSpace.OfTheMta ? " "u8 : _text[field.Value];
                using var spaced = new SpacedValue(value, space);
                ReplyWriter.ChangeHeader(output, (uint)field.Occurrence, _seen![i].Name, spaced.Bytes);
                tally.Add(EditKind.HeaderChange, _seen[i].Name);
            }
        }

        WriteAdded(output, space, bottom: false, ref tally);
        WriteAdded(output, space, bottom: true, ref tally);
    }

    private void WriteAdded(FrameBuffer output, ColonSpace space, bool bottom, ref EditTally tally)
    {
        foreach (AddedField added in _added)
        {
            if (!added.IsDropped && added.Index == Bottom == bottom)
            {
                using var spaced = new SpacedValue(_text[added.Value], space);
                ReplyWriter.InsertHeader(output, (uint)added.Index, _text[added.Name], spaced.Bytes);
                tally.Add(EditKind.HeaderAdd, _text[added.Name]);
            }
        }
    }

    private void KeepAdded(int index, ReadOnlySpan<byte> name, bool keepFirst, ReadOnlySpan<byte> value, ref int found)
    {
        AddedField added = _added[index];
        if (added.IsDropped || !Is(added, name))
        {
            return;
        }

        bool keep = keepFirst && found == 0;
        _added[index] = keep ? added with { Value = _text.Add(value) } : added with { IsDropped = true };
        found++;
    }

    private void ThrowIfInserted(ReadOnlySpan<byte> name)
    {
        if (!_hasRawIndex)
        {
            return;
        }

        foreach (AddedField added in _added)
        {
            if (added.Index != Bottom && !added.IsDropped && Is(added, name))
            {
                throw new InvalidOperationException($"{WireText.GetString(name)} was inserted earlier in this plan, and the plan has raw positions (InsertAt): taking it back would move them. Decide on its value before inserting it.");
            }
        }
    }

    private ref ShownField Shown(int index)
    {
        if (index >= _shown.Length)
        {
            Array.Resize(ref _shown, _seen!.Count);
        }

        return ref _shown[index];
    }

    private void Edit(ref ShownField field, int occurrence, ShownEdit edit, ReadOnlySpan<byte> value)
    {
        field = new ShownField(edit, occurrence, edit == ShownEdit.Change ? _text.Add(value) : default);
        _hasShownEdits = true;
    }

    private bool Is(AddedField added, ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(_text[added.Name], name);

    /// <summary>What becomes of a field.</summary>
    public enum ShownEdit : byte
    {
        /// <summary>It stays as it is.</summary>
        None,

        /// <summary>It gets another value.</summary>
        Change,

        /// <summary>It goes.</summary>
        Remove,
    }

    private readonly record struct ShownField(ShownEdit Edit, int Occurrence, Slice Value);

    private readonly record struct AddedField(int Index, Slice Name, Slice Value, bool IsDropped = false);
}
