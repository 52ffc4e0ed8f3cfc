[Milter]
partial class Filter
{
    [PerMessage] private readonly Dictionary<string, EnvelopeAddress> _byDomain = new(StringComparer.OrdinalIgnoreCase);
    [PerMessage] private EnvelopeAddress[] _all = null!;
    [PerMessage] private (EnvelopeAddress To, int Number)? _last;

    [OnRcpt]
    void To(EnvelopeAddress to)
    {
        _byDomain[to.Domain] = {|MILTER121:to|};
        _all = [.. _all ?? [], {|MILTER121:to|}];
        _last = ({|MILTER121:to|}, _all.Length);
    }

    [OnEom]
    Verdict End() => _byDomain.Count > 3 || _last?.Number > 50 ? Verdict.TempFail() : Verdict.Continue;
}
