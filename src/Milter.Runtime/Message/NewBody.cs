using System.Buffers.Binary;
using Milter.Limits;
using Milter.Output;
using Milter.Protocol;

namespace Milter.Message;

/// <summary>A body that replaces the one that came: its bytes until the verdict, and then the frames of them (<c>SMFIR_REPLBODY</c>, <c>smfi_replacebody</c>).</summary>
internal sealed class NewBody(MilterOptions options, ProcessLimits limits) : IDisposable
{
    // What fits is written with the verdict; what does not is framed as the MTA takes it.
    private const int Small = MilterLimits.MaxPayload;

    private readonly FrameBuffer _bytes = new();
    private BodyStore? _store;
    private LongLines _longLines;
    private byte _last;

    /// <summary>Says whether the body ends with this byte so far.</summary>
    public bool EndsWith(byte value) => _last == value;

    /// <exception cref="IOException">It does not stay in memory, and can't be written to a temporary file.</exception>
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

        if (_store is null && _bytes.Length + bytes.Length <= Small)
        {
            bytes.CopyTo(_bytes.GetSpan(bytes.Length));
            _bytes.Advance(bytes.Length);
            return;
        }

        if (_store is null)
        {
            _store = new BodyStore(options, limits);
            _store.Append(_bytes.WrittenSpan);
            _bytes.Clear();
            _bytes.Trim(0);
        }

        _store.Append(bytes);
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
        if (_store is null)
        {
            ReplyWriter.ReplaceBody(output, _bytes.WrittenSpan);
            return null;
        }

        var source = new Frames(_store);
        _store = null;
        return source;
    }

    /// <summary>Forgets the body.</summary>
    /// <param name="keep">The largest array to keep, in bytes.</param>
    public void Clear(int keep)
    {
        _store?.Dispose();
        _store = null;
        _last = 0;
        _longLines = default;
        _bytes.Clear();
        _bytes.Trim(keep);
    }

    public void Dispose()
    {
        Clear(0);
        _bytes.Dispose();
    }

    private sealed class Frames(BodyStore body) : OutSource
    {
        private long _position;

        public override bool Fill(FrameBuffer output, int room)
        {
            int count = (int)Math.Min(Math.Min(room - MilterLimits.FrameHeader, MilterLimits.MaxPayload), body.Length - _position);
            Span<byte> frame = output.GetSpan(MilterLimits.FrameHeader + count)[..(MilterLimits.FrameHeader + count)];
            BinaryPrimitives.WriteInt32BigEndian(frame, count + 1);
            frame[MilterLimits.FrameHeader - 1] = (byte)MilterReply.ReplaceBody;
            body.ReadExactly(_position, frame[MilterLimits.FrameHeader..]);
            output.Advance(frame.Length);
            _position += count;
            return _position < body.Length;
        }

        public override void Dispose() => body.Dispose();
    }
}
