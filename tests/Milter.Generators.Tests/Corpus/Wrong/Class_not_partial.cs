namespace Spam;

[Milter]
public sealed class {|MILTER001:Greylister|}
{
    [OnRcpt]
    public Verdict Recipient(EnvelopeAddress to) => Verdict.TempFail();
}
