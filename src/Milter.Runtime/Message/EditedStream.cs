namespace Milter.Message;

/// <summary>Reads a message as a plan of edits will have it delivered: its header block and then the pieces of its body, as if they were one.</summary>
/// <param name="head">The header block, with its blank line.</param>
/// <param name="pieces">The body.</param>
/// <param name="scope">Says until when it may be read.</param>
internal sealed class EditedStream(ReadOnlyMemory<byte> head, IEnumerable<BodyPiece> pieces, PlanScope scope) : ReadOnlyStream
{
    private readonly BodyPiece[] _pieces = [new BodyPiece(null, 0, head.Length, head), .. pieces];

    public override long Length => _pieces.Sum(static piece => piece.Length);

    protected override int Read(long position, Span<byte> destination)
    {
        scope.ThrowIfLate();
        foreach (BodyPiece piece in _pieces)
        {
            if (position < piece.Length)
            {
                int count = (int)Math.Min(destination.Length, piece.Length - position);
                piece.ReadExactly(position, destination[..count]);
                return count;
            }

            position -= piece.Length;
        }

        return 0;
    }

    protected override ValueTask<int> ReadAsync(long position, Memory<byte> destination, CancellationToken cancellationToken) => new(Read(position, destination.Span));
}
