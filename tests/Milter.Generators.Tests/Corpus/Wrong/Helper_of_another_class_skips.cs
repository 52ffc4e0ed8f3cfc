static class Judges
{
    public static Verdict BySize(int size) => size > 10 ? Verdict.Skip : Verdict.Continue;

    public static Verdict ByName(string name) => name == "postmaster" ? Verdict.Accept : Verdict.Continue;
}

[Milter]
partial class Filter
{
    [OnEoh] Verdict Eoh(MessageHeaders headers) => {|MILTER080:Judges.BySize(headers.Count)|};

    [OnRcpt] Verdict To(EnvelopeAddress to) => {|MILTER081:Judges.ByName(to.LocalPart)|};

    [OnBody] Verdict Chunk(ReadOnlySpan<byte> chunk) => Judges.BySize(chunk.Length);
}
