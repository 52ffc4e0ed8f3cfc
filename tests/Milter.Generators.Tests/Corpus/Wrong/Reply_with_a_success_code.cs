[Milter]
partial class Filter
{
    [OnEom] Verdict End() => Verdict.TempFail({|MILTER083:250|}, null, "Fine");
}
