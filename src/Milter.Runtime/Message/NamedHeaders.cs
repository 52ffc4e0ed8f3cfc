using System.Runtime.CompilerServices;
using System.Text;
using Milter.Protocol;

namespace Milter.Message;

/// <summary>Values of the header fields that <c>[Header]</c> parameters take: the first field of each name, or all of them.</summary>
/// <param name="names">The names of which the first field counts, whose places are the slots (<see cref="MilterDescriptor.CollectedHeaders"/>).</param>
/// <param name="namesOfAll">The names of which all fields count, likewise (<see cref="MilterDescriptor.CollectedHeaderValues"/>).</param>
internal sealed class NamedHeaders(IReadOnlyList<string> names, IReadOnlyList<string> namesOfAll)
{
    private readonly AllOf[] _all = new AllOf[namesOfAll.Count];
    private readonly string[] _names = names as string[] ?? [.. names];
    private readonly Slot[] _slots = new Slot[names.Count];
    private readonly ByteArena _text = new();
    private readonly ulong _lengths = LengthsOf([.. names, .. namesOfAll]);
    private int _missing = names.Count;

    /// <summary>Keeps the value if it is the first of a name that is wanted, or all are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Offer(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        // Most names have another length than those that are wanted.
        if ((_lengths & BitOf(name.Length)) != 0)
        {
            Compare(name, value);
        }
    }

    /// <summary>All values of a name.</summary>
    public HeaderValues Values(int slot) => ValuesOf(slot).Taken();

    /// <summary>All values of a name, decoded.</summary>
    public HeaderValues DecodedValues(int slot) => (_all[slot].Decoded ??= ValuesOf(slot).AsDecoded()).Taken();

    /// <summary>The raw value; empty where the message has no such field.</summary>
    public ReadOnlySpan<byte> Value(int slot) => _text[_slots[slot].Value];

    /// <summary>The raw value as text; <see langword="null"/> where the message has no such field.</summary>
    public string? Text(int slot)
    {
        ref Slot found = ref _slots[slot];
        return found.IsSet ? found.Text ??= WireText.GetString(_text[found.Value]) : null;
    }

    /// <summary>The value unfolded and decoded; <see langword="null"/> where the message has no such field.</summary>
    public string? Decoded(int slot)
    {
        ref Slot found = ref _slots[slot];
        return found.IsSet ? found.Decoded ??= EncodedWords.Decode(_text[found.Value]) : null;
    }

    public void Reset()
    {
        Array.Clear(_slots);
        _text.Clear();
        _missing = _names.Length;
        foreach (AllOf all in _all)
        {
            all.Values?.Reset();
            all.Decoded?.Reset();
        }
    }

    private void Compare(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        for (int i = 0; i < _names.Length && _missing > 0; i++)
        {
            if (_names[i].Length == name.Length && !_slots[i].IsSet && Ascii.EqualsIgnoreCase(name, _names[i]))
            {
                _slots[i] = new Slot { IsSet = true, Value = _text.Add(value) };
                _missing--;
            }
        }

        for (int i = 0; i < _all.Length; i++)
        {
            if (namesOfAll[i].Length == name.Length && Ascii.EqualsIgnoreCase(name, namesOfAll[i]))
            {
                ValuesOf(i).Add(_text.Add(value));
            }
        }
    }

    private static ulong LengthsOf(ReadOnlySpan<string> names)
    {
        ulong lengths = 0;
        foreach (string name in names)
        {
            lengths |= BitOf(name.Length);
        }

        return lengths;
    }

    // Of a length modulo 64.
    private static ulong BitOf(int length) => 1UL << length;

    private HeaderValues ValuesOf(int slot) => _all[slot].Values ??= new HeaderValues(_text);

    private struct AllOf
    {
        public HeaderValues? Values;
        public HeaderValues? Decoded;
    }

    private struct Slot
    {
        public bool IsSet;
        public Slice Value;
        public string? Text;
        public string? Decoded;
    }
}
