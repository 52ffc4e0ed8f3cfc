[Milter]
partial class Filter
{
    [OnMail] {|MILTER021:Verdict?|} From(EnvelopeAddress from) => from.IsNull ? Verdict.Reject() : null;

    [OnRcpt] async {|MILTER021:Task<Verdict?>|} To(EnvelopeAddress to) { await Task.Yield(); return to.IsNull ? Verdict.Reject() : null; }
}
