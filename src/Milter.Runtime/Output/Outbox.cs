using System.Runtime.CompilerServices;
using Milter.Limits;
using Milter.Protocol;

namespace Milter.Output;

/// <summary>What a connection owes its peer: the only way out, whole frames in the order in which they were put in.</summary>
/// <remarks>
/// Used by whoever owns the connection; while a turn of handlers runs, by whoever holds that turn. So it needs no lock, and nothing can overtake a verdict.
/// <para>
/// Replies are bytes. What is larger is a source, of which never more than a piece is in memory as frames; where the sink gathers and the source's bytes are in memory, they go out from where they are.
/// </para>
/// </remarks>
/// <param name="bound">From how many bytes on it is full.</param>
/// <param name="memory">Where bytes are counted that the peer does not take.</param>
internal sealed class Outbox(int bound, ByteBudget memory) : IDisposable
{
    // A full frame of the body and a bit.
    private const int PieceSize = MilterLimits.MaxPayload + (2 * MilterLimits.FrameHeader);

    private readonly FrameBuffer _last = new();

    // What goes out before the last buffer, and the frames of it that are made.
    private Queue<OutSource>? _sources;
    private FrameBuffer? _piece;

    // Of the piece where there is one, otherwise of the last buffer.
    private int _sent;
    private int _counted;
    private long _taken;

    // Of the first source, where that names its bytes.
    private long _held;

    /// <summary>Gets where frames are written that go out after all that is in here.</summary>
    public FrameBuffer Writer => _last;

    /// <summary>Gets a value indicating whether nothing is owed.</summary>
    public bool IsEmpty => _last.Length == 0 && _piece is not { Length: > 0 } && _sources is not { Count: > 0 };

    /// <summary>Gets a value indicating whether no more should be put in before the peer has taken some.</summary>
    public bool IsFull
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _last.Length - _sent >= bound || (_piece is not null && IsFullOfSources);
    }

    /// <summary>Gets the bytes that are kept in memory for the peer.</summary>
    public long Unsent => Frames + Volatile.Read(ref _held);

    private int Frames => _last.Length + (_piece?.Length ?? 0) - _sent;

    private bool IsFullOfSources => _sources is { Count: > 0 } || Frames >= bound;

    /// <summary>Puts a source behind all that is in here, and in front of all that comes. It is disposed of when it has gone out.</summary>
    public void Add(OutSource source)
    {
        _sources ??= new Queue<OutSource>();
        _piece ??= new FrameBuffer();
        if (_piece.Length == 0 && _sources.Count == 0)
        {
            _piece.TakeFrom(_last);
        }
        else if (_last.Length > 0)
        {
            var before = new FrameBuffer();
            before.TakeFrom(_last);
            _sources.Enqueue(new Buffered(before));
        }

        _sources.Enqueue(source);
    }

    /// <summary>Writes what the peer takes.</summary>
    /// <returns>Whether nothing is left.</returns>
    public bool Flush(IByteSink sink) => Flush(sink, long.MaxValue) == OutboxState.Empty;

    /// <summary>Writes what the peer takes, up to a share.</summary>
    /// <param name="sink">Where to.</param>
    /// <param name="share">From how many bytes on others are looked at first.</param>
    public OutboxState Flush(IByteSink sink, long share)
    {
        share = share > long.MaxValue - _taken ? long.MaxValue : _taken + share;
        while (_piece is { } piece)
        {
            if (_taken >= share && !IsEmpty)
            {
                Recount(Frames);
                return OutboxState.HasMore;
            }

            if (piece.Length == 0)
            {
                if (!_sources!.TryPeek(out OutSource? source))
                {
                    ForgetPiece();
                    break;
                }

                if (sink is IGatheringSink gathering && SendNamed(source, gathering) is { } goesOn)
                {
                    if (goesOn)
                    {
                        continue;
                    }

                    Recount(Frames);
                    return OutboxState.Waits;
                }

                if (!source.Fill(piece, PieceSize))
                {
                    _sources.Dequeue().Dispose();
                }
            }

            if (!TrySend(piece, sink))
            {
                return OutboxState.Waits;
            }
        }

        if (!TrySend(_last, sink))
        {
            return OutboxState.Waits;
        }

        if (_counted > 0)
        {
            Recount(0);
        }

        return OutboxState.Empty;
    }

    /// <summary>Says how many bytes the peer has taken since it was last asked.</summary>
    public long TakeSent()
    {
        long taken = _taken;
        _taken = 0;
        return taken;
    }

    /// <summary>Gives memory back while nothing is owed.</summary>
    /// <param name="keep">The largest array to keep, in bytes.</param>
    public void Trim(int keep) => _last.Trim(keep);

    public void Dispose()
    {
        while (_sources is { Count: > 0 })
        {
            _sources.Dequeue().Dispose();
        }

        _sent = 0;
        _last.Clear();
        _piece?.Clear();
        ForgetPiece();
        _last.Dispose();
    }

    // Returns whether all of a buffer is sent.
    private bool TrySend(FrameBuffer front, IByteSink sink)
    {
        if (_sent < front.Length)
        {
            int taken = sink.TryWrite(front.WrittenSpan[_sent..]);
            _sent += taken;
            _taken += taken;
            if (_sent < front.Length)
            {
                Recount(Frames);
                return false;
            }
        }

        front.Clear();
        _sent = 0;
        return true;
    }

    // Returns whether the peer has taken some, and nothing where the source names no bytes.
    private bool? SendNamed(OutSource source, IGatheringSink sink)
    {
        var room = default(Pieces);
        Span<ReadOnlyMemory<byte>> pieces = room;
        int count = source.Name(pieces);
        if (count == 0)
        {
            return null;
        }

        int taken = sink.TryWrite(pieces[..count]);
        _taken += taken;
        if (source.Sent(taken))
        {
            Volatile.Write(ref _held, source.Held);
        }
        else
        {
            Volatile.Write(ref _held, 0);
            _sources!.Dequeue().Dispose();
        }

        return taken > 0;
    }

    private void ForgetPiece()
    {
        _held = 0;
        _piece?.Dispose();
        (_piece, _sources) = (null, null);
        if (_counted > 0)
        {
            Recount(0);
        }
    }

    private void Recount(int unsent)
    {
        memory.Add(unsent - _counted);
        _counted = unsent;
    }

    /// <summary>Frames that were there before a source.</summary>
    private sealed class Buffered(FrameBuffer frames) : OutSource
    {
        public override bool Fill(FrameBuffer output, int room)
        {
            output.TakeFrom(frames);
            return false;
        }

        public override void Dispose() => frames.Dispose();
    }

    [InlineArray(IGatheringSink.MostPieces)]
    private struct Pieces
    {
        private ReadOnlyMemory<byte> _first;
    }
}

/// <summary>How an outbox stands after it was flushed.</summary>
internal enum OutboxState
{
    /// <summary>Nothing is owed.</summary>
    Empty,

    /// <summary>The peer takes no more at present; the sink tells when it does.</summary>
    Waits,

    /// <summary>The share is used up.</summary>
    HasMore,
}
