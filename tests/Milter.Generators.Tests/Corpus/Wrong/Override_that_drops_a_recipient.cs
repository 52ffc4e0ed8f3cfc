abstract class Shared
{
    [OnRcpt] protected virtual Verdict To(EnvelopeAddress to) => Verdict.Continue;
    [OnMail] protected Verdict From(EnvelopeAddress from) => from.IsNull ? Verdict.Reject() : Verdict.Continue;
}

[Milter]
partial class Filter : Shared
{
    protected override Verdict To(EnvelopeAddress to) => to.IsNull ? {|MILTER082:Verdict.Discard|} : base.To(to);
    private new Verdict From(EnvelopeAddress from) => from.Domain.Length == 0 ? Verdict.Reject() : Verdict.Continue;
}
