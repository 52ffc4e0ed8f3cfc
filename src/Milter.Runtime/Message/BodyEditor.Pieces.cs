using System.Buffers;
using Milter.Message;
using Milter.Protocol;

namespace Milter;

/// <content>Pieces that are not copied where they are given.</content>
public sealed partial class BodyEditor
{
    private MessageBody Original => _original ?? throw new InvalidOperationException("The body that the message came with was not collected: a MessageBody parameter at EOM has it collected, and [Needs(Body = true)] on a binder.");

    /// <summary>Adds the body that the message came with, whole, to the new body; where there is none yet, begins one with it.</summary>
    /// <inheritdoc cref="AppendOriginal(long, long)"/>
    public void AppendOriginal()
    {
        if (_scope.Allows(MilterActions.ChangeBody))
        {
            AddOriginal(0, Original.Length);
        }
    }

    /// <summary>Adds a range of the body that the message came with to the new body; where there is none yet, begins one with it.</summary>
    /// <remarks>Nothing is copied: the range is read from where the body is kept, in memory or in a file, when the MTA takes it.</remarks>
    /// <param name="start">Where the range begins, in bytes from the start of the body.</param>
    /// <param name="length">How long it is, in bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The body has no such range.</exception>
    /// <exception cref="InvalidOperationException">
    /// The message is over, replacing the body was not agreed, the body is not available (<see cref="MessageBody.IsAvailable"/>), or nothing asked to collect it: a
    /// <see cref="MessageBody"/> parameter does, and <see cref="NeedsAttribute.Body"/> on a binder.
    /// </exception>
    /// <exception cref="IOException">The body's temporary file can't be read.</exception>
    public void AppendOriginal(long start, long length)
    {
        if (_scope.Allows(MilterActions.ChangeBody))
        {
            ArgumentOutOfRangeException.ThrowIfNegative(start);
            ArgumentOutOfRangeException.ThrowIfNegative(length);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Original.Length);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Original.Length - start);
            AddOriginal(start, length);
        }
    }

    /// <summary>Adds bytes to the new body without copying them.</summary>
    /// <param name="more">
    /// What comes next. It is the engine's from now on: read when the MTA takes it, which may be after the message has ended. So it is never changed any more, and no memory of a pool.
    /// </param>
    /// <exception cref="InvalidOperationException">There is no new body yet, the message is over, or replacing the body was not agreed.</exception>
    public void AppendUncopied(ReadOnlyMemory<byte> more)
    {
        if (GoOn())
        {
            Add(new BodyPiece(null, 0, more.Length, more));
        }
    }

    /// <summary>Adds what a stream holds to the new body.</summary>
    /// <param name="more">The stream, read to its end now and not closed.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>A task that completes when all is read; no other member may be called before. Where it fails, the new body is as it was before the call.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="more"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">There is no new body yet, the message is over, or replacing the body was not agreed.</exception>
    public async Task AppendAsync(Stream more, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(more);
        if (!GoOn())
        {
            return;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
        try
        {
            BodyPiece kept = await _body.KeepAsync(more, buffer, cancellationToken).ConfigureAwait(false);
            if (GoOn())
            {
                Add(kept);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void AddOriginal(long start, long length)
    {
        BodyStore kept = Original.Kept;
        if (!_isReplaced)
        {
            Start();
        }

        Add(new BodyPiece(kept, start, length));
    }

    private void Add(BodyPiece piece)
    {
        if (piece.Length == 0)
        {
            return;
        }

        if (_owesLineFeed)
        {
            Span<byte> first = stackalloc byte[1];
            piece.ReadExactly(0, first);
            Settle(first);
        }

        _body.Append(piece);
    }
}
