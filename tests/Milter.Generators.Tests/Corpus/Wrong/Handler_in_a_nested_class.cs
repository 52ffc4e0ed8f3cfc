[Milter]
partial class Filter
{
    [OnRcpt] Verdict To(EnvelopeAddress to) => to.Domain.Length == 0 ? Verdict.Reject() : Verdict.Continue;

    private sealed class Bounces
    {
        [{|MILTER071:PerMessage|}] private int _seen;

        [{|MILTER025:OnMail|}] void From(EnvelopeAddress from) => _seen += from.IsNull ? 1 : 0;
    }
}
