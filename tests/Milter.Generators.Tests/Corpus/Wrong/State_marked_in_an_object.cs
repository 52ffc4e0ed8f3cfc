sealed class Counts
{
    [{|MILTER071:PerMessage|}] public int Recipients;
}

[Milter]
partial class Filter
{
    [PerMessage] private Counts? _counts;

    [OnRcpt] void To() => (_counts ??= new Counts()).Recipients++;
    [OnEom] Verdict End() => _counts?.Recipients > 50 ? Verdict.Reject() : Verdict.Continue;
}
