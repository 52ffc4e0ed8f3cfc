[Milter]
partial class Filter
{
    [OnEom] Verdict First() => Verdict.Continue;
    [OnEom] Verdict {|MILTER024:Second|}() => Verdict.Continue;
}
