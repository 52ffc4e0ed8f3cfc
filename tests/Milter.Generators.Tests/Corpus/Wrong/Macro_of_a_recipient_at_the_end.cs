[Milter]
partial class Filter
{
    [OnEom] Verdict End([{|MILTER104:Macro("{rcpt_addr}")|}] string? to) => Verdict.Continue;
}
