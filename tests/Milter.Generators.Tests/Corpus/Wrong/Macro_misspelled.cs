[Milter]
partial class Filter
{
    [OnEom] Verdict End([{|MILTER100:Macro("{auth_autho}")|}] string? user) => user is null ? Verdict.Reject() : Verdict.Continue;
}
