using Milter.Message;
using Milter.Protocol;

namespace Milter;

/// <summary>The header fields of a message, in the order in which the MTA showed them.</summary>
/// <remarks>
/// Valid from EOH until the message ends; afterwards its members throw. The MTA's own Received is not among them, and the same name may come
/// several times. Names compare without case. Edits made by <see cref="HeaderEditor"/> do not show here.
/// Where only names were collected (<see cref="HeaderEditor.Seen"/> without a <see cref="MessageHeaders"/> parameter), asking for the value of a
/// field that is there throws; names, counts and positions work.
/// </remarks>
public sealed class MessageHeaders
{
    private const int NoValue = -1;
    private const int KeptFields = 512;

    private readonly ByteArena _text = new();
    private HeaderBlock? _block;
    private Entry[] _fields = [];
    private int _count;
    private bool _live;

    internal MessageHeaders()
    {
    }

    /// <summary>Gets the number of fields.</summary>
    /// <exception cref="InvalidOperationException">The message has ended.</exception>
    public int Count
    {
        get
        {
            ThrowIfLate();
            return _count;
        }
    }

    /// <summary>Gets the field at a position.</summary>
    /// <param name="index">The position, from 0 at the top.</param>
    /// <value>A view that ends with the handler. Its value is empty where only names were collected.</value>
    /// <exception cref="ArgumentOutOfRangeException">There is no such position.</exception>
    /// <exception cref="InvalidOperationException">The message has ended.</exception>
    public HeaderField this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return FieldAt(index);
        }
    }

    /// <summary>Gets the value of the first field of a name.</summary>
    /// <param name="name">The name, without the colon.</param>
    /// <value>As it was sent, folds and encoded words included; <see langword="null"/> where there is no such field.</value>
    /// <exception cref="InvalidOperationException">The message has ended, or only names were collected.</exception>
    public string? this[string name] => IndexOf(name, 0) is >= 0 and var index ? WireText.GetString(ValueAt(index)) : null;

    /// <summary>Gets the value of the first field of a name, unfolded and with its encoded words (RFC 2047) decoded.</summary>
    /// <param name="name">The name, without the colon.</param>
    /// <returns>The text; <see langword="null"/> where there is no such field.</returns>
    /// <exception cref="InvalidOperationException">The message has ended, or only names were collected.</exception>
    public string? Decoded(string name) => IndexOf(name, 0) is >= 0 and var index ? EncodedWords.Decode(ValueAt(index)) : null;

    /// <summary>Gets the values of all fields of a name, top first.</summary>
    /// <param name="name">The name, without the colon.</param>
    /// <returns>The values as they were sent; empty where there is no such field.</returns>
    /// <exception cref="InvalidOperationException">The message has ended, or only names were collected.</exception>
    public IReadOnlyList<string> GetAll(string name)
    {
        var values = new List<string>();
        for (int i = IndexOf(name, 0); i >= 0; i = IndexOf(name, i + 1))
        {
            values.Add(WireText.GetString(ValueAt(i)));
        }

        return values;
    }

    /// <summary>Counts the fields of a name.</summary>
    /// <param name="name">The name, without the colon.</param>
    /// <returns>How many there are.</returns>
    /// <exception cref="InvalidOperationException">The message has ended.</exception>
    public int CountOf(string name)
    {
        int count = 0;
        for (int i = IndexOf(name, 0); i >= 0; i = IndexOf(name, i + 1))
        {
            count++;
        }

        return count;
    }

    /// <summary>Says whether there is a field of this name.</summary>
    /// <param name="name">The name, without the colon.</param>
    /// <returns>Whether there is.</returns>
    /// <exception cref="InvalidOperationException">The message has ended.</exception>
    public bool Contains(string name) => IndexOf(name, 0) >= 0;

    /// <summary>Enumerates the fields, top first. Allocates nothing.</summary>
    /// <returns>An enumerator of views that end with the handler.</returns>
    /// <exception cref="InvalidOperationException">The message has ended.</exception>
    public Enumerator GetEnumerator()
    {
        ThrowIfLate();
        return new Enumerator(this);
    }

    /// <summary>A message begins.</summary>
    internal void Begin()
    {
        Reset();
        _live = true;
    }

    /// <summary>Takes a field.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value as it came.</param>
    /// <param name="namesOnly">Whether the value is of no use to anybody.</param>
    /// <param name="hidden">How many bytes of it, at its beginning, are part of the block alone.</param>
    internal void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool namesOnly, int hidden = 0)
    {
        if (_count == _fields.Length)
        {
            Array.Resize(ref _fields, Math.Max(32, 2 * _count));
        }

        _fields[_count++] = new Entry(_text.Add(name), namesOnly ? new Slice(0, NoValue) : Shown(_text.Add(value), hidden), hidden);
    }

    /// <summary>The message has ended.</summary>
    internal void Reset()
    {
        _live = false;
        _count = 0;
        _text.Clear();
        _block?.Clear();
        if (_fields.Length > KeptFields)
        {
            _fields = [];
        }
    }

    /// <summary>Gives the header as it stood in the message. Made once a message.</summary>
    /// <param name="hasSpace">Whether values came with what stands behind the colon; otherwise the MTA has taken one space away, if there was one.</param>
    internal ReadOnlySpan<byte> Block(bool hasSpace)
    {
        ThrowIfLate();
        _block ??= new HeaderBlock();
        if (!_block.IsFinished)
        {
            for (int i = 0; i < _count; i++)
            {
                WriteTo(_block, i, hasSpace);
            }

            _block.Finish();
        }

        return _block.Bytes;
    }

    /// <summary>Writes a field as it stood in the message.</summary>
    internal void WriteTo(HeaderBlock block, int index, bool hasSpace)
    {
        ReadOnlySpan<byte> value = _text[_fields[index].Came];
        block.Add(_text[_fields[index].Name], hasSpace || value is [(byte)'\t' or (byte)'\n' or (byte)'\r', ..] ? default : " "u8, value);
    }

    /// <summary>Says whether a field has exactly this value; never where only names were collected.</summary>
    internal bool HasValue(int index, ReadOnlySpan<byte> value)
    {
        Slice held = _fields[index].Value;
        return held.Length == value.Length && _text[held].SequenceEqual(value);
    }

    /// <summary>Throws where only names were collected.</summary>
    internal void ThrowUnlessValues(int index) => _ = ValueAt(index);

    private int IndexOf(string name, int from)
    {
        ArgumentNullException.ThrowIfNull(name);
        int count = Count;
        for (int i = from; i < count; i++)
        {
            if (_fields[i].Name.Length == name.Length && System.Text.Ascii.EqualsIgnoreCase(_text[_fields[i].Name], name))
            {
                return i;
            }
        }

        return -1;
    }

    private HeaderField FieldAt(int index)
    {
        Entry field = _fields[index];
        return new HeaderField(_text[field.Name], field.Value.Length == NoValue ? default : _text[field.Value]);
    }

    private ReadOnlySpan<byte> ValueAt(int index)
    {
        Slice value = _fields[index].Value;
        return value.Length != NoValue
            ? _text[value]
            : throw new InvalidOperationException("Only the names of the header fields were collected. A handler with a MessageHeaders parameter, or a [Header] parameter, has the values collected.");
    }

    private void ThrowIfLate() => Late.ThrowUnless(_live, nameof(MessageHeaders), "the message ends");

    private static Slice Shown(Slice value, int hidden) => new(value.Start + hidden, value.Length - hidden);

    private readonly record struct Entry(Slice Name, Slice Value, int Hidden)
    {
        /// <summary>Gets the value as it came, what is hidden included.</summary>
        public Slice Came => new(Value.Start - Hidden, Value.Length + Hidden);
    }

    /// <summary>Steps through the fields of a message.</summary>
    public ref struct Enumerator
    {
        private readonly MessageHeaders _headers;
        private int _index = -1;

        internal Enumerator(MessageHeaders headers) => _headers = headers;

        /// <summary>Gets the current field.</summary>
        public readonly HeaderField Current => _headers.FieldAt(_index);

        /// <summary>Goes to the next field.</summary>
        /// <returns><see langword="false"/> after the last.</returns>
        public bool MoveNext() => ++_index < _headers._count;
    }
}
