[Milter]
partial class Filter
{
    [PerMessage] private EnvelopeAddress? _first;
    [PerMessage] private ReadOnlyMemory<byte> _head;

    [OnRcpt] void To(EnvelopeAddress to) => _first ??= {|MILTER121:Pick(to)|};

    [OnBody] void Chunk(ReadOnlyMemory<byte> chunk) => _head = {|MILTER121:Head(chunk)|};

    [OnEom] Verdict End() => _first is null || _head.IsEmpty ? Verdict.Reject() : Verdict.Continue;

    private static EnvelopeAddress Pick(EnvelopeAddress address) => address;

    private static ReadOnlyMemory<byte> Head(ReadOnlyMemory<byte> all) => all[..Math.Min(4, all.Length)];
}
