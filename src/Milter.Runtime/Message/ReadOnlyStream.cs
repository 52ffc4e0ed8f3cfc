namespace Milter.Message;

/// <summary>A stream of bytes that are kept elsewhere. Asks for them each time, so that it throws once the message has ended.</summary>
internal abstract class ReadOnlyStream : Stream
{
    private long _position;

    public sealed override bool CanRead => true;

    public sealed override bool CanSeek => true;

    public sealed override bool CanWrite => false;

    public sealed override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    public sealed override int Read(Span<byte> buffer)
    {
        int read = Read(_position, buffer);
        _position += read;
        return read;
    }

    public sealed override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    public sealed override int ReadByte()
    {
        Span<byte> one = stackalloc byte[1];
        return Read(one) == 1 ? one[0] : -1;
    }

    public sealed override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await ReadAsync(_position, buffer, cancellationToken).ConfigureAwait(false);
        _position += read;
        return read;
    }

    public sealed override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public sealed override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => _position,
        _ => Length,
    };

    public sealed override void Flush()
    {
    }

    public sealed override void SetLength(long value) => throw NotWritable();

    public sealed override void Write(byte[] buffer, int offset, int count) => throw NotWritable();

    /// <summary>Reads at a position: less than there is room for, and nothing at the end alone.</summary>
    protected abstract int Read(long position, Span<byte> destination);

    /// <inheritdoc cref="Read(long, Span{byte})"/>
    protected abstract ValueTask<int> ReadAsync(long position, Memory<byte> destination, CancellationToken cancellationToken);

    private static NotSupportedException NotWritable() => new("A message can't be written here; the editors change it.");
}
