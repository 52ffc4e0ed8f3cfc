[Milter]
partial class Filter
{
    [PerMessage] private readonly List<EnvelopeAddress> _recipients = [];

    [OnRcpt] void To(EnvelopeAddress to) => _recipients.Add({|MILTER121:to|});

    [OnEom] Verdict End() => _recipients.Exists(to => to.Domain.Length == 0) ? Verdict.Reject() : Verdict.Continue;
}
