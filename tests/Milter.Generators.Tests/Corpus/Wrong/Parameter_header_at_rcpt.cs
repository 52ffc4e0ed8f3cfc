[Milter]
partial class Filter
{
    [OnRcpt] Verdict To([Header("Subject")] string? {|MILTER040:subject|}) => subject is null ? Verdict.Reject() : Verdict.Continue;
}
