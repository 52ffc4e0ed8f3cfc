[Milter]
partial class Filter
{
    private static readonly Verdict s_refused = Verdict.Reject(550, "5.7.1", "No");

    [OnRcpt]
    Verdict To(EnvelopeAddress to)
    {
        Verdict verdict = to.Domain.Length == 0 ? s_refused : Verdict.Continue;
        if ({|MILTER093:verdict.Equals(Verdict.Reject())|} || {|MILTER093:verdict != Verdict.TempFail()|})
        {
            Console.WriteLine(to.Address);
        }

        return verdict;
    }
}
