// an override is one handler
//> RCPT: Reject
public abstract class Shared
{
    [OnRcpt] protected virtual Verdict To(EnvelopeAddress to) => Verdict.TempFail();
}

[Milter]
partial class Filter : Shared
{
    protected override Verdict To(EnvelopeAddress recipient) => recipient.Domain.Equals("example.com", StringComparison.OrdinalIgnoreCase) ? Verdict.Reject() : Verdict.Continue;
}
