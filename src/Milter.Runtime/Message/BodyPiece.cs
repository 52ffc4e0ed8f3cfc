namespace Milter.Message;

/// <summary>A piece of a new body: a range of bytes that are kept, or bytes that somebody has given.</summary>
/// <param name="Store">What keeps them; <see langword="null"/> for bytes that were given.</param>
/// <param name="Start">Where the range begins.</param>
/// <param name="Length">How long it is.</param>
/// <param name="Given">The bytes that were given.</param>
internal readonly record struct BodyPiece(BodyStore? Store, long Start, long Length, ReadOnlyMemory<byte> Given = default)
{
    /// <summary>Reads at an offset.</summary>
    /// <exception cref="IOException">What keeps the bytes can't be read.</exception>
    public void ReadExactly(long offset, Span<byte> destination)
    {
        if (Store is { } store)
        {
            store.ReadExactly(Start + offset, destination);
        }
        else
        {
            Given.Span.Slice((int)offset, destination.Length).CopyTo(destination);
        }
    }

    /// <summary>Gets a value indicating whether the bytes are in memory and stay where they are.</summary>
    public bool IsInMemory => Store is not { IsSpooled: true };

    /// <summary>Names bytes in memory where they are.</summary>
    /// <param name="offset">Where to begin.</param>
    /// <param name="length">How many.</param>
    /// <param name="pieces">Gets them, as far as there is room.</param>
    /// <returns>How many pieces.</returns>
    public int Name(long offset, int length, Span<ReadOnlyMemory<byte>> pieces)
    {
        if (Store is null)
        {
            pieces[0] = Given.Slice((int)offset, length);
            return 1;
        }

        int count = 0;
        foreach (ReadOnlyMemory<byte> segment in Store.Memory.Slice(Start + offset, length))
        {
            if (count == pieces.Length)
            {
                break;
            }

            pieces[count++] = segment;
        }

        return count;
    }

    /// <summary>Says whether another piece is the rest of this one.</summary>
    public bool GoesOnWith(BodyPiece next) => Store is not null && Store == next.Store && Start + Length == next.Start;
}
