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

    /// <summary>Says whether another piece is the rest of this one.</summary>
    public bool GoesOnWith(BodyPiece next) => Store is not null && Store == next.Store && Start + Length == next.Start;
}
