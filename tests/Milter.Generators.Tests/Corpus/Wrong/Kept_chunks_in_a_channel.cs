[Milter]
partial class Filter(System.Threading.Channels.Channel<ReadOnlyMemory<byte>> scanner)
{
    [OnBody]
    void Chunk(ReadOnlyMemory<byte> chunk)
    {
        Send(chunk);
        ReadOnlyMemory<byte> head = chunk.Length > 10 ? chunk[..10] : chunk;
        scanner.Writer.TryWrite({|MILTER121:head|});
    }

    private void Send(ReadOnlyMemory<byte> bytes) => scanner.Writer.TryWrite({|MILTER121:bytes|});
}
