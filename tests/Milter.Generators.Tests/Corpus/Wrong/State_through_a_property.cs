[Milter]
partial class Filter
{
    private int _count;
    private string? _last;

    private int Count
    {
        get => _count;
        set => {|MILTER110:_count|} = value;
    }

    private string? Last { get => _last; set { {|MILTER110:_last|} = value; } }

    [OnRcpt]
    Verdict To(EnvelopeAddress to)
    {
        Count++;
        Last = to.Domain;
        return Count > 20 ? Verdict.TempFail() : Verdict.Continue;
    }

    [OnEom] Verdict End() => Last is null ? Verdict.Reject() : Verdict.Continue;
}
