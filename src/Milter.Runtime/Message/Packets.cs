using Milter.Limits;
using Milter.Output;
using Milter.Protocol;

namespace Milter.Message;

/// <summary>Packets that go out as they are, in memory as far as they are few.</summary>
internal sealed class Packets(MilterOptions options, ProcessLimits limits) : IDisposable
{
    private const int Few = 64 * 1024;

    private BodyStore? _before;

    /// <summary>Gets where the next packets are written. <see cref="Written"/> follows.</summary>
    public FrameBuffer Writer { get; } = new();

    /// <summary>Packets were written: what is more than a few is put away.</summary>
    /// <exception cref="IOException">They do not stay in memory, and can't be written to a temporary file.</exception>
    public void Written()
    {
        if (Writer.Length > Few)
        {
            _before ??= new BodyStore(options, limits);
            _before.Append(Writer.WrittenSpan);
            Writer.Clear();
            Writer.Trim(2 * Few);
        }
    }

    /// <summary>Writes all packets by parts, and forgets them.</summary>
    /// <param name="sink">Where to.</param>
    public void Send(IProgressSink sink)
    {
        if (_before is { } before)
        {
            using var part = new FrameBuffer();
            using var source = new Bytes(before);
            _before = null;
            for (bool more = true; more;)
            {
                more = source.Fill(part, Few);
                sink.Send(part.WrittenSpan);
                part.Clear();
            }
        }

        sink.Send(Writer.WrittenSpan);
        Writer.Clear();
    }

    /// <summary>Puts all packets into an outbox, and forgets them.</summary>
    public void MoveTo(Outbox output)
    {
        if (_before is { } before)
        {
            _before = null;
            output.Add(new Bytes(before));
        }

        output.Writer.TakeFrom(Writer);
    }

    /// <summary>Forgets the packets.</summary>
    public void Clear()
    {
        _before?.Dispose();
        _before = null;
        Writer.Clear();
        Writer.Trim(Few);
    }

    public void Dispose()
    {
        Clear();
        Writer.Dispose();
    }

    private sealed class Bytes(BodyStore packets) : OutSource
    {
        private long _position;

        public override bool Fill(FrameBuffer output, int room)
        {
            int count = (int)Math.Min(room, packets.Length - _position);
            packets.ReadExactly(_position, output.GetSpan(count)[..count]);
            output.Advance(count);
            _position += count;
            return _position < packets.Length;
        }

        public override void Dispose() => packets.Dispose();
    }
}
