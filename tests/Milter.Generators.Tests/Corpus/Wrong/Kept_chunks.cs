[Milter]
partial class Filter
{
    [PerMessage] private readonly List<ReadOnlyMemory<byte>> _chunks = [];
    [PerMessage] private ReadOnlySequence<byte> _last;

    [OnBody]
    void Chunk(ReadOnlyMemory<byte> chunk, ReadOnlySequence<byte> sequence)
    {
        _chunks.Add({|MILTER121:chunk|});
        _last = {|MILTER121:sequence|};
    }
}
