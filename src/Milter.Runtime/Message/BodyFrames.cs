using System.Buffers.Binary;
using Milter.Output;
using Milter.Protocol;

namespace Milter.Message;

/// <summary>Makes the frames of a new body from its pieces (<c>SMFIR_REPLBODY</c>), as the MTA takes them.</summary>
/// <param name="pieces">The pieces, in order.</param>
/// <param name="stores">What keeps their bytes, and is let go when all are sent.</param>
internal sealed class BodyFrames(IReadOnlyList<BodyPiece> pieces, params ReadOnlySpan<BodyStore?> stores) : OutSource
{
    private readonly BodyStore?[] _stores = stores.ToArray();
    private long _left = pieces.Sum(static piece => piece.Length);
    private int _piece;
    private long _offset;

    public override bool Fill(FrameBuffer output, int room)
    {
        int count = (int)Math.Min(Math.Min(room - MilterLimits.FrameHeader, MilterLimits.MaxPayload), _left);
        Span<byte> frame = output.GetSpan(MilterLimits.FrameHeader + count)[..(MilterLimits.FrameHeader + count)];
        BinaryPrimitives.WriteInt32BigEndian(frame, count + 1);
        frame[MilterLimits.FrameHeader - 1] = (byte)MilterReply.ReplaceBody;
        for (Span<byte> rest = frame[MilterLimits.FrameHeader..]; !rest.IsEmpty;)
        {
            rest = rest[Read(rest)..];
        }

        output.Advance(frame.Length);
        _left -= count;
        return _left > 0;
    }

    public override void Dispose()
    {
        foreach (BodyStore? store in _stores)
        {
            store?.Dispose();
        }
    }

    private int Read(Span<byte> destination)
    {
        BodyPiece piece = pieces[_piece];
        int count = (int)Math.Min(destination.Length, piece.Length - _offset);
        piece.ReadExactly(_offset, destination[..count]);
        _offset += count;
        if (_offset == piece.Length)
        {
            (_piece, _offset) = (_piece + 1, 0);
        }

        return count;
    }
}
