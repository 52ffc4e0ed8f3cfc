namespace Milter.Transport.Wire;

/// <summary>A stream as a wire, such as one that encrypts.</summary>
/// <param name="stream">The stream, which can be read and written at the same time, and whose read of nothing waits for something. It is disposed of at the end.</param>
internal sealed class StreamWire(Stream stream) : AsyncWire
{
    public override void Cut() => Dispose();

    protected override ValueTask<int> ReceiveAsync(Memory<byte> room) => stream.ReadAsync(room);

    protected override ValueTask SendAsync(ReadOnlyMemory<byte> bytes) => stream.WriteAsync(bytes);

    protected override void Dispose() => stream.Dispose();
}
