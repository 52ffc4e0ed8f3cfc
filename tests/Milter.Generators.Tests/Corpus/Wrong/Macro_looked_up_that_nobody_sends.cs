[Milter]
partial class Filter
{
    [OnRcpt] Verdict To(MilterContext context) => context.GetMacro({|MILTER109:"{client_resolve}"|}) == "FORGED" ? Verdict.Reject() : Verdict.Continue;
}
