[Milter]
partial class Filter
{
    [OnEoh, OnUnknown]
    Verdict Both() => Environment.TickCount > 0 ? {|MILTER080:Verdict.Discard|} : Verdict.Continue;
}
