[Milter]
partial class Filter
{
    [OnEom] Verdict End() => {|MILTER085:Verdict.Reject(550, "5.7.1")|};
}
