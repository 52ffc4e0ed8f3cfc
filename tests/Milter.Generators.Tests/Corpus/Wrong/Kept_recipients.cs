[Milter]
partial class Filter
{
    [PerMessage] private readonly List<EnvelopeAddress> _recipients = [];

    [OnRcpt] void To(EnvelopeAddress recipient) => _recipients.Add({|MILTER121:recipient|});

    [OnEom] Verdict End() => _recipients.Exists(to => {|MILTER169:to.Domain == "example.org"|}) ? Verdict.Accept : Verdict.Continue;
}
