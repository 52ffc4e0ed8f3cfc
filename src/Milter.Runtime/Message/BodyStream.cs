namespace Milter.Message;

/// <summary>Reads a body.</summary>
internal sealed class BodyStream(MessageBody body) : ReadOnlyStream
{
    public override long Length => body.Length;

    protected override int Read(long position, Span<byte> destination) => body.Read(position, destination);

    protected override ValueTask<int> ReadAsync(long position, Memory<byte> destination, CancellationToken cancellationToken) => body.ReadAsync(position, destination, cancellationToken);
}
