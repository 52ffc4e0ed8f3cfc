abstract class Shared
{
    protected static Verdict Enough(int bytes) => bytes switch
    {
        > 1000 => {|MILTER080:Verdict.Skip|},
        _ => Verdict.Continue,
    };

    protected virtual Verdict Unknown => {|MILTER080:Verdict.Accept|};
}

[Milter]
partial class Filter : Shared
{
    [PerMessage] private int _bytes;

    [OnBody]
    Verdict Chunk(ReadOnlySpan<byte> chunk)
    {
        _bytes += chunk.Length;
        return Enough(_bytes);
    }

    [OnEoh]
    ValueTask<Verdict> Eoh(MessageHeaders headers)
    {
        Verdict verdict = headers.Count > 100 ? Verdict.Reject() : Enough(headers.Count);
        return new ValueTask<Verdict>(verdict);
    }

    [OnUnknown] Verdict Other(string command) => command.Length > 100 ? Verdict.Reject() : Unknown;
}
