[Milter]
partial class Filter
{
    private static readonly HashSet<string> s_ours = new() { "example.org", "example.net" };

    [OnRcpt] Verdict To(EnvelopeAddress to) => {|MILTER169:s_ours.Contains(to.Domain)|} ? Verdict.Continue : Verdict.Reject(550, "5.7.1", "No relay for " + to.Address);
}
