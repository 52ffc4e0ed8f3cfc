namespace Milter.Message;

/// <summary>Reads a message: its header block, which ends with a blank line, and then its body, as if they were one.</summary>
internal sealed class MessageStream(MessageHeaders headers, bool hasSpace, MessageBody body) : ReadOnlyStream
{
    public override long Length => Block.Length + body.Length;

    private ReadOnlySpan<byte> Block => headers.Block(hasSpace);

    protected override int Read(long position, Span<byte> destination)
    {
        int length = Block.Length;
        return position < length ? ReadBlock(position, destination) : body.Read(position - length, destination);
    }

    protected override ValueTask<int> ReadAsync(long position, Memory<byte> destination, CancellationToken cancellationToken)
    {
        int length = Block.Length;
        return position < length ? new(ReadBlock(position, destination.Span)) : body.ReadAsync(position - length, destination, cancellationToken);
    }

    private int ReadBlock(long position, Span<byte> destination)
    {
        ReadOnlySpan<byte> rest = Block[(int)position..];
        int count = Math.Min(rest.Length, destination.Length);
        rest[..count].CopyTo(destination);
        return count;
    }
}
