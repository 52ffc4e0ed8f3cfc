using Milter.Limits;
using Milter.Output;
using Milter.Protocol;

namespace Milter.Message;

/// <summary>A body that replaces the one that came (<c>SMFIR_REPLBODY</c>, <c>smfi_replacebody</c>), until the verdict: bytes of its own, ranges of the one that came, bytes that were given.</summary>
internal sealed class NewBody(MilterOptions options, ProcessLimits limits) : IDisposable
{
    // What fits is written with the verdict; what does not is framed as the MTA takes it.
    private const int Small = MilterLimits.MaxPayload;

    private readonly FrameBuffer _bytes = new();

    // Where bytes are copied to that are more than fit, or stand beside others.
    private BodyStore? _store;
    private LongLines _longLines;

    // Made when there is more than bytes of its own.
    private List<BodyPiece>? _pieces;
    private BodyStore? _original;
    private byte _last;

    /// <summary>Says whether the body ends with this byte so far.</summary>
    public bool EndsWith(byte value) => _last == value;

    /// <summary>Adds bytes, which are copied.</summary>
    /// <exception cref="IOException">They do not stay in memory, and can't be written to a temporary file.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        _last = bytes[^1];
        if (options.WarnOfLongLines)
        {
            _longLines.Add(bytes);
        }

        if (_store is null && _pieces is null && _bytes.Length + bytes.Length <= Small)
        {
            bytes.CopyTo(_bytes.GetSpan(bytes.Length));
            _bytes.Advance(bytes.Length);
            return;
        }

        BodyStore store = Store();
        store.Append(bytes);
        Add(new BodyPiece(store, store.Length - bytes.Length, bytes.Length));
    }

    /// <summary>Adds a piece: of the body that came, of what <see cref="KeepAsync"/> has kept, or bytes that nobody changes any more.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    public void Append(BodyPiece piece)
    {
        HavePieces();
        if (piece.Store is { } store && store != _store)
        {
            _original ??= store.Hold();
        }

        piece.ReadExactly(piece.Length - 1, new Span<byte>(ref _last));
        if (options.WarnOfLongLines)
        {
            NoteLines(piece);
        }

        Add(piece);
    }

    /// <summary>Keeps what a stream holds, without adding it yet: what was read of one that fails stays where no piece has it.</summary>
    /// <returns>What was read; empty where the stream holds nothing.</returns>
    public async Task<BodyPiece> KeepAsync(Stream more, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        HavePieces();
        BodyStore store = Store();
        long start = store.Length;
        while (await more.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count)
        {
            store.Append(buffer.Span[..count]);
        }

        return new BodyPiece(store, start, store.Length - start);
    }

    /// <summary>Gets how many bytes there are so far.</summary>
    public long Length
    {
        get
        {
            if (_pieces is null)
            {
                return _store?.Length ?? _bytes.Length;
            }

            long length = 0;
            foreach (BodyPiece piece in _pieces)
            {
                length += piece.Length;
            }

            return length;
        }
    }

    /// <summary>Lists the pieces so far.</summary>
    public IReadOnlyList<BodyPiece> Pieces()
    {
        HavePieces();
        return [.. _pieces!];
    }

    /// <summary>Gets the lines that are too long, where <see cref="MilterOptions.WarnOfLongLines"/> wants to know. The body is whole.</summary>
    public LongLines LongLines
    {
        get
        {
            LongLines all = _longLines;
            all.End();
            return all;
        }
    }

    /// <summary>Writes the frames, one without payload where there is no body, or gives what makes them.</summary>
    /// <returns>What makes them, with the bytes, which this object has no longer; <see langword="null"/> where they are written.</returns>
    public OutSource? MoveTo(FrameBuffer output)
    {
        if (_store is null && _pieces is null)
        {
            ReplyWriter.ReplaceBody(output, _bytes.WrittenSpan);
            return null;
        }

        var source = new BodyFrames(_pieces ?? [new BodyPiece(_store, 0, _store!.Length)], _store, _original);
        (_store, _pieces, _original) = (null, null, null);
        return source;
    }

    /// <summary>Forgets the body.</summary>
    /// <param name="keep">The largest array to keep, in bytes.</param>
    public void Clear(int keep)
    {
        _store?.Dispose();
        Forget();
        _bytes.Clear();
        _bytes.Trim(keep);
    }

    /// <summary>Forgets the body, to which somebody may still be adding: its memory is left to the garbage collector. Not used again.</summary>
    public void Abandon()
    {
        _store?.Abandon();
        Forget();
    }

    public void Dispose()
    {
        Clear(0);
        _bytes.Dispose();
    }

    private void Forget()
    {
        _original?.Dispose();
        (_store, _pieces, _original, _last, _longLines) = (null, null, null, 0, default);
    }

    private void NoteLines(BodyPiece piece)
    {
        Span<byte> buffer = stackalloc byte[4096];
        for (long at = 0; at < piece.Length; at += buffer.Length)
        {
            Span<byte> some = buffer[..(int)Math.Min(buffer.Length, piece.Length - at)];
            piece.ReadExactly(at, some);
            _longLines.Add(some);
        }
    }

    private BodyStore Store()
    {
        if (_store is null)
        {
            _store = new BodyStore(options, limits);
            _store.Append(_bytes.WrittenSpan);
            _bytes.Clear();
            _bytes.Trim(0);
        }

        return _store;
    }

    private void HavePieces()
    {
        if (_pieces is null)
        {
            BodyStore? before = _store is not null || _bytes.Length > 0 ? Store() : null;
            _pieces = before is null ? [] : [new BodyPiece(before, 0, before.Length)];
        }
    }

    private void Add(BodyPiece piece)
    {
        if (_pieces is not { } pieces)
        {
            return;
        }

        if (pieces is [.., var last] && last.GoesOnWith(piece))
        {
            pieces[^1] = last with { Length = last.Length + piece.Length };
        }
        else
        {
            pieces.Add(piece);
        }
    }
}
