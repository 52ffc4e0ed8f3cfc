using System.Collections;
using Milter.Message;
using Milter.Protocol;

namespace Milter;

/// <summary>The values of all header fields of one name, in the order in which the MTA showed them: top first.</summary>
/// <remarks>
/// Taken by an <c>[OnEoh]</c> or <c>[OnEom]</c> method as <c>[Header("Subject")] HeaderValues subjects</c>. Only fields of that name are kept. Empty where the message has none.
/// Valid until the message ends; afterwards its members throw. Edits made by <see cref="HeaderEditor"/> do not show here.
/// A string is made when it is asked for, and once; <see cref="GetBytes"/> and <c>foreach</c> allocate nothing else.
/// </remarks>
public sealed class HeaderValues : IReadOnlyList<string>
{
    /// <summary>How many places are kept for the next message.</summary>
    private const int KeptValues = 64;

    private readonly ByteArena _text;
    private readonly List<Slice> _places;
    private readonly List<string?> _strings = [];
    private readonly bool _isDecoded;
    private bool _live;

    internal HeaderValues(ByteArena text)
        : this(text, [], isDecoded: false)
    {
    }

    private HeaderValues(ByteArena text, List<Slice> places, bool isDecoded) => (_text, _places, _isDecoded) = (text, places, isDecoded);

    /// <summary>Gets the number of fields of that name.</summary>
    /// <exception cref="InvalidOperationException">The message has ended.</exception>
    public int Count
    {
        get
        {
            Late.ThrowUnless(_live, nameof(HeaderValues), "the message ends");
            return _places.Count;
        }
    }

    /// <summary>Gets a value.</summary>
    /// <param name="index">Its place, from 0 at the top.</param>
    /// <value>As it was sent, folds and encoded words included; with <see cref="HeaderAttribute.Decoded"/> unfolded and decoded.</value>
    /// <exception cref="ArgumentOutOfRangeException">There are not as many.</exception>
    /// <exception cref="InvalidOperationException">The message has ended.</exception>
    public string this[int index]
    {
        get
        {
            ReadOnlySpan<byte> value = GetBytes(index);
            while (_strings.Count < _places.Count)
            {
                _strings.Add(null);
            }

            return _strings[index] ??= _isDecoded ? EncodedWords.Decode(value) : WireText.GetString(value);
        }
    }

    /// <summary>Gets a value as it was sent, whether decoded ones were asked for or not.</summary>
    /// <param name="index">Its place, from 0 at the top.</param>
    /// <returns>A view that ends with the message.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are not as many.</exception>
    /// <exception cref="InvalidOperationException">The message has ended.</exception>
    public ReadOnlySpan<byte> GetBytes(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return _text[_places[index]];
    }

    /// <summary>Enumerates the values, top first.</summary>
    /// <returns>An enumerator.</returns>
    /// <exception cref="InvalidOperationException">The message has ended.</exception>
    public Enumerator GetEnumerator()
    {
        _ = Count;
        return new Enumerator(this);
    }

    IEnumerator<string> IEnumerable<string>.GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable<string>)this).GetEnumerator();

    /// <summary>Gives the number of values, for logs; <c>(ended)</c> after its time.</summary>
    /// <returns>A text.</returns>
    public override string ToString() => _live ? $"{_places.Count} values" : "(ended)";

    /// <summary>The same values, decoded where they are read.</summary>
    internal HeaderValues AsDecoded() => new(_text, _places, isDecoded: true);

    internal void Add(Slice value) => _places.Add(value);

    /// <summary>A handler takes it: until the message ends it may be read.</summary>
    internal HeaderValues Taken()
    {
        _live = true;
        return this;
    }

    /// <summary>The message has ended, or another begins.</summary>
    internal void Reset()
    {
        _live = false;
        _places.Clear();
        _strings.Clear();
        if (_places.Capacity > KeptValues)
        {
            _places.Capacity = 0;
            _strings.Capacity = 0;
        }
    }

    /// <summary>Steps through the values.</summary>
    public struct Enumerator
    {
        private readonly HeaderValues _values;
        private int _index;

        internal Enumerator(HeaderValues values)
        {
            _values = values;
            _index = -1;
        }

        /// <summary>Gets the current value.</summary>
        public readonly string Current => _values[_index];

        /// <summary>Goes to the next value.</summary>
        /// <returns><see langword="false"/> after the last.</returns>
        public bool MoveNext() => ++_index < _values.Count;
    }
}
