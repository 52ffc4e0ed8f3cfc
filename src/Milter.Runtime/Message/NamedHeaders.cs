using System.Text;
using Milter.Protocol;

namespace Milter.Message;

/// <summary>Values of the header fields that <c>[Header]</c> parameters take: the first field of each name.</summary>
/// <param name="names">The names, whose places are the slots (<see cref="MilterDescriptor.CollectedHeaders"/>).</param>
internal sealed class NamedHeaders(IReadOnlyList<string> names)
{
    private readonly string[] _names = names as string[] ?? [.. names];
    private readonly Slot[] _slots = new Slot[names.Count];
    private readonly ByteArena _text = new();
    private int _missing = names.Count;

    /// <summary>Keeps the value if it is the first of a name that is wanted.</summary>
    public void Offer(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        for (int i = 0; i < _names.Length && _missing > 0; i++)
        {
            if (_names[i].Length == name.Length && !_slots[i].IsSet && Ascii.EqualsIgnoreCase(name, _names[i]))
            {
                _slots[i] = new Slot { IsSet = true, Value = _text.Add(value) };
                _missing--;
            }
        }
    }

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
    }

    private struct Slot
    {
        public bool IsSet;
        public Slice Value;
        public string? Text;
        public string? Decoded;
    }
}
