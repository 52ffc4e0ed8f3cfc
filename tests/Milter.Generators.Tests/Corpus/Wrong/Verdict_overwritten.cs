[Milter]
partial class Filter
{
    [OnMail]
    Verdict From(EnvelopeAddress from, [Helo] string? helo)
    {
        Verdict verdict = {|MILTER089:ByName(helo)|};
        verdict = ByDomain(from);
        return verdict;
    }

    private static Verdict ByName(string? helo) => helo is null ? Verdict.Reject() : Verdict.Continue;

    private static Verdict ByDomain(EnvelopeAddress from) => from.Domain.Length == 0 ? Verdict.TempFail() : Verdict.Continue;
}
