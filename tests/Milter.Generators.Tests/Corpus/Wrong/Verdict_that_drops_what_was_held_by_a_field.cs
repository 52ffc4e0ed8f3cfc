[Milter]
partial class Filter
{
    private static readonly Verdict s_refused = Verdict.Reject(550, "5.7.1", "No");

    [OnEom]
    Verdict End(Quarantine quarantine, [Header("Subject")] HeaderValues subjects)
    {
        if (subjects.Count > 3)
        {
            quarantine.Hold("many subjects");
            return {|MILTER185:s_refused|};
        }

        Verdict verdict = {|MILTER185:Verdict.Discard|};
        if (subjects.Count > 2)
        {
            quarantine.Hold("some");
            return verdict;
        }

        if (subjects.Count > 1)
        {
            quarantine.Hold("two");
            return {|MILTER185:Verdict.RejectCleaned(550, "5.7.1", "no")|};
        }

        return Verdict.Continue;
    }
}
