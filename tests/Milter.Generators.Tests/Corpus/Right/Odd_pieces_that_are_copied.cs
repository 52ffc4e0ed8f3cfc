// views that are copied before they are kept
using System.Threading.Channels;

[Milter]
partial class Filter
{
    private static readonly Channel<byte[]> s_pieces = Channel.CreateUnbounded<byte[]>();
    [PerMessage] private readonly ArrayBufferWriter<byte> _all = new();
    [PerMessage] private readonly List<string> _names = [];
    [PerMessage] private readonly List<MailPath> _paths = [];
    [PerMessage] private MessageEnvelope? _envelope;
    [PerMessage] private byte[]? _head;

    [OnMail] void From(MessageEnvelope envelope) => _envelope = envelope;

    [OnRcpt]
    void To(EnvelopeAddress to)
    {
        _names.Add(to.Address);
        _paths.Add(to.Path);
    }

    [OnBody]
    void Chunk(ReadOnlyMemory<byte> chunk)
    {
        _all.Write(chunk.Span);
        _head ??= chunk.Slice(0, Math.Min(4, chunk.Length)).ToArray();
        s_pieces.Writer.TryWrite(chunk.ToArray());
        byte[] copy = chunk.ToArray();
        _ = Task.Run(() => Console.WriteLine(copy.Length));
    }

    [OnEom] Verdict End() => _all.WrittenCount > 1_000_000 || _names.Count + _paths.Count > 1000 || _envelope is null || _head is null ? Verdict.TempFail() : Verdict.Continue;
}
