using System.Buffers.Binary;
using Milter.Output;
using Milter.Protocol;

namespace Milter.Message;

/// <summary>Makes the frames of a new body from its pieces (<c>SMFIR_REPLBODY</c>), as the MTA takes them. Bytes in memory go out from where they are, if the sink can gather.</summary>
/// <param name="pieces">The pieces, in order.</param>
/// <param name="stores">What keeps their bytes, and is let go when all are sent.</param>
internal sealed class BodyFrames(IReadOnlyList<BodyPiece> pieces, params ReadOnlySpan<BodyStore?> stores) : OutSource
{
    private readonly BodyStore?[] _stores = stores.ToArray();
    private long _left = pieces.Sum(static piece => piece.Length);
    private int _piece;
    private long _offset;

    // Heads of frames that are named at once, and what is still to be sent of the frame that was begun: of its head, of its payload.
    private byte[]? _heads;
    private int _head;
    private int _payload;

    public override long Held => _left;

    private bool IsBegun => _head + _payload > 0;

    public override bool Fill(FrameBuffer output, int room)
    {
        int count = Payload(_left, room);
        Span<byte> frame = output.GetSpan(MilterLimits.FrameHeader + count)[..(MilterLimits.FrameHeader + count)];
        WriteHead(frame, count);
        for (Span<byte> rest = frame[MilterLimits.FrameHeader..]; !rest.IsEmpty;)
        {
            int read = (int)Math.Min(rest.Length, pieces[_piece].Length - _offset);
            pieces[_piece].ReadExactly(_offset, rest[..read]);
            rest = rest[read..];
            GoOn(ref _piece, ref _offset, read);
        }

        output.Advance(frame.Length);
        _left -= count;
        return _left > 0;
    }

    public override int Name(Span<ReadOnlyMemory<byte>> named)
    {
        int count = 0, head = _head, payload = _payload, piece = _piece;
        long left = _left, offset = _offset;
        _heads ??= new byte[IGatheringSink.MostPieces * MilterLimits.FrameHeader];
        while (left > 0 && count < named.Length)
        {
            if (head + payload == 0)
            {
                (head, payload) = (MilterLimits.FrameHeader, Payload(left));
                if (!IsInMemory(piece, offset, payload))
                {
                    break;
                }
            }

            if (head > 0)
            {
                Memory<byte> bytes = _heads.AsMemory(count * MilterLimits.FrameHeader, MilterLimits.FrameHeader);
                WriteHead(bytes.Span, payload);
                named[count++] = bytes[^head..];
                head = 0;
            }

            while (payload > 0 && count < named.Length)
            {
                int some = (int)Math.Min(payload, pieces[piece].Length - offset);
                int before = count;
                count += pieces[piece].Name(offset, some, named[count..]);
                for (; before < count; before++)
                {
                    payload -= named[before].Length;
                    left -= named[before].Length;
                    GoOn(ref piece, ref offset, named[before].Length);
                }
            }
        }

        return count;
    }

    public override bool Sent(int count)
    {
        while (count > 0)
        {
            if (!IsBegun)
            {
                (_head, _payload) = (MilterLimits.FrameHeader, Payload(_left));
            }

            int head = Math.Min(count, _head), payload = Math.Min(count - head, _payload);
            _head -= head;
            _payload -= payload;
            _left -= payload;
            count -= head + payload;
            for (int some; payload > 0; payload -= some)
            {
                some = (int)Math.Min(payload, pieces[_piece].Length - _offset);
                GoOn(ref _piece, ref _offset, some);
            }
        }

        return _left > 0;
    }

    public override void Dispose()
    {
        foreach (BodyStore? store in _stores)
        {
            store?.Dispose();
        }
    }

    private static int Payload(long left, int room = int.MaxValue) => (int)Math.Min(Math.Min(room - MilterLimits.FrameHeader, MilterLimits.MaxPayload), left);

    private static void WriteHead(Span<byte> frame, int payload)
    {
        BinaryPrimitives.WriteInt32BigEndian(frame, payload + 1);
        frame[MilterLimits.FrameHeader - 1] = (byte)MilterReply.ReplaceBody;
    }

    private bool IsInMemory(int piece, long offset, long length)
    {
        for (length += offset; length > 0; length -= pieces[piece++].Length)
        {
            if (!pieces[piece].IsInMemory)
            {
                return false;
            }
        }

        return true;
    }

    private void GoOn(ref int piece, ref long offset, int count)
    {
        offset += count;
        if (offset == pieces[piece].Length)
        {
            (piece, offset) = (piece + 1, 0);
        }
    }
}
