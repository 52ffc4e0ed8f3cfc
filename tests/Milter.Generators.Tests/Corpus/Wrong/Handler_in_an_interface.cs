interface ISeesMail
{
    [{|MILTER025:OnMail|}] void From(EnvelopeAddress from) => Console.WriteLine(from.Address);
}

[Milter]
partial class Filter : ISeesMail
{
    [OnRcpt] Verdict To(EnvelopeAddress to) => to.Domain.Length == 0 ? Verdict.Reject() : Verdict.Continue;
}
