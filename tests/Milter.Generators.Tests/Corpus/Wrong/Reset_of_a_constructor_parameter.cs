[Milter]
partial class Filter(int limit, List<string> words)
{
    [OnRcpt]
    Verdict To(EnvelopeAddress to)
    {
        {|MILTER112:limit|}--;
        words.Add(to.Address);
        return limit < 0 ? Verdict.TempFail() : Verdict.Continue;
    }
}
