using System.Buffers.Binary;

namespace Milter.Protocol;

/// <summary>The symbol lists of a filter's OPTNEG: each a <c>uint32</c> stage and names ended by a NUL.</summary>
/// <param name="bytes">The bytes after version, actions and protocol.</param>
public readonly ref struct SymbolLists(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Enumerates the lists in the order of the wire; stops before a rest too short for a stage number.</summary>
    /// <returns>An enumerator that allocates nothing.</returns>
    public Enumerator GetEnumerator() => new(_bytes);

    /// <summary>Steps through the lists.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;

        internal Enumerator(ReadOnlySpan<byte> bytes) => _rest = bytes;

        /// <summary>Gets the current list.</summary>
        public SymbolListEntry Current { get; private set; }

        /// <summary>Goes to the next list.</summary>
        /// <returns><see langword="false"/> after the last.</returns>
        public bool MoveNext()
        {
            if (_rest.Length < sizeof(int))
            {
                return false;
            }

            int stage = BinaryPrimitives.ReadInt32BigEndian(_rest);
            _rest = _rest[sizeof(int)..];
            Current = new SymbolListEntry(stage, NulStrings.Take(ref _rest));
            return true;
        }
    }
}
