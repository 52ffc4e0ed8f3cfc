// verdicts that are not the handler's own
[Milter]
partial class Filter
{
    [OnMail]
    Verdict From(EnvelopeAddress sender)
    {
        Func<Verdict> skip = static () => Verdict.Skip;
        Verdict Local() => Verdict.Discard;
        return sender.IsNull ? Local() : skip().Kind == VerdictKind.Skip ? Verdict.Continue : Verdict.Accept;
    }
}
