[Milter]
partial class Filter
{
    [OnRcpt]
    Verdict To(EnvelopeAddress to)
    {
        bool isFull = to.LocalPart.StartsWith("full-", StringComparison.Ordinal);
        return isFull ? Verdict.TempFail({|MILTER097:421|}, "4.2.2", $"{to.LocalPart} is full") : Verdict.Continue;
    }
}
