[Milter]
partial class Filter
{
    [PerMessage] private int _recipients;

    [OnRcpt]
    Verdict {|MILTER193:To|}(EnvelopeAddress to)
    {
        _recipients++;
        return Verdict.Continue;
    }

    [OnEom] Verdict End() => _recipients > 100 ? Verdict.Reject() : Verdict.Continue;
}
