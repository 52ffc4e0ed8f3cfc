using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Milter.Protocol;

/// <summary>Strings one after another, each ended by a NUL; a last one without NUL counts as well.</summary>
/// <remarks>A view of the payload it was read from. Enumerating allocates nothing.</remarks>
/// <param name="bytes">The strings with their NULs.</param>
public readonly ref struct NulStrings(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Gets whether there is no string at all.</summary>
    public bool IsEmpty => _bytes.IsEmpty;

    /// <summary>Enumerates the strings in the order of the wire, empty ones included.</summary>
    /// <returns>An enumerator over the bytes of each string, without its NUL.</returns>
    public Enumerator GetEnumerator() => new(_bytes);

    /// <summary>Counts the strings.</summary>
    /// <returns>The number of strings, empty ones included.</returns>
    public int Count()
    {
        int nuls = _bytes.Count((byte)0);
        return _bytes.IsEmpty || _bytes[^1] == 0 ? nuls : nuls + 1;
    }

    /// <summary>Makes a <see cref="string"/> of each, by <see cref="WireText"/>.</summary>
    /// <returns>The strings in order; an empty array when there is none.</returns>
    public string[] ToStrings()
    {
        if (IsEmpty)
        {
            return [];
        }

        string[] strings = new string[Count()];
        int i = 0;
        foreach (ReadOnlySpan<byte> text in this)
        {
            strings[i++] = WireText.GetString(text);
        }

        return strings;
    }

    /// <summary>Finds the first NUL.</summary>
    /// <remarks>As the platform's search does, without its call and its choices: names and values of header fields are short, and this is most of what reading them costs.</remarks>
    /// <returns>Its place, or -1 where there is none.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int IndexOfNul(ReadOnlySpan<byte> bytes)
    {
        ref byte first = ref MemoryMarshal.GetReference(bytes);
        int last = bytes.Length - Vector128<byte>.Count;
        if (last < 0)
        {
            for (int i = 0; i < bytes.Length; i++)
            {
                if (bytes[i] == 0)
                {
                    return i;
                }
            }

            return -1;
        }

        for (int at = 0; ; at = Math.Min(at + Vector128<byte>.Count, last))
        {
            // The last look overlaps the one before, in which there was none.
            uint nuls = Vector128.Equals(Vector128.LoadUnsafe(ref first, (nuint)at), Vector128<byte>.Zero).ExtractMostSignificantBits();
            if (nuls != 0)
            {
                return at + BitOperations.TrailingZeroCount(nuls);
            }

            if (at == last)
            {
                return -1;
            }
        }
    }

    /// <summary>Takes the first string off the front; what is left may be empty.</summary>
    internal static ReadOnlySpan<byte> Take(scoped ref ReadOnlySpan<byte> rest)
    {
        int nul = IndexOfNul(rest);
        ReadOnlySpan<byte> text = nul < 0 ? rest : rest[..nul];
        rest = nul < 0 ? default : rest[(nul + 1)..];
        return text;
    }

    /// <summary>Steps through the strings.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;

        internal Enumerator(ReadOnlySpan<byte> bytes) => _rest = bytes;

        /// <summary>Gets the current string's bytes, without its NUL.</summary>
        public ReadOnlySpan<byte> Current { get; private set; }

        /// <summary>Goes to the next string.</summary>
        /// <returns><see langword="false"/> after the last.</returns>
        public bool MoveNext()
        {
            if (_rest.IsEmpty)
            {
                return false;
            }

            Current = Take(ref _rest);
            return true;
        }
    }
}
