using System.Threading.Channels;

readonly record struct Piece(ReadOnlyMemory<byte> Bytes, int Number);

[Milter]
partial class Filter(Channel<Piece> pieces)
{
    private static readonly Queue<ReadOnlyMemory<byte>> s_waiting = new();
    [PerMessage] private int _number;
    [PerMessage] private ReadOnlyMemory<byte> _head;

    [OnBody]
    async Task Chunk(ReadOnlyMemory<byte> chunk, CancellationToken ct)
    {
        ReadOnlyMemory<byte> start = chunk[..Math.Min(16, chunk.Length)];
        _head = {|MILTER121:start|};
        await pieces.Writer.WriteAsync(new Piece({|MILTER121:chunk|}, _number++), ct);
        lock (s_waiting)
        {
            s_waiting.Enqueue({|MILTER121:chunk.Slice(1)|});
        }
    }

    [OnEom]
    Verdict End() => _head.IsEmpty ? Verdict.Reject() : Verdict.Continue;
}
