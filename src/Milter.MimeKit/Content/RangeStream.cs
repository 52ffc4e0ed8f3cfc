namespace Milter.Mime.Content;

/// <summary>A range of a seekable stream, with a position of its own; the stream is not closed.</summary>
internal sealed class RangeStream(Stream source, long begin, long end) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => end - begin;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        int count = Next(buffer.Length);
        if (count == 0)
        {
            return 0;
        }

        int read = source.Read(buffer[..count]);
        _position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = Next(buffer.Length);
        if (count == 0)
        {
            return 0;
        }

        int read = await source.ReadAsync(buffer[..count], cancellationToken).ConfigureAwait(false);
        _position += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin)
    {
        long position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => Length + offset,
        };
        if (position < 0)
        {
            throw new IOException("The position is before the beginning.");
        }

        return _position = position;
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    // Others read the same stream, so that its position is never where it was left.
    private int Next(int wanted)
    {
        int count = (int)Math.Max(0, Math.Min(wanted, Length - _position));
        if (count > 0)
        {
            source.Position = begin + _position;
        }

        return count;
    }
}
