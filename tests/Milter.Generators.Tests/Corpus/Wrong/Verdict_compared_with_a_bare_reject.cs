[Milter]
partial class Filter
{
    [OnEom]
    Verdict End([Header("Subject")] string? subject)
    {
        Verdict verdict = Judge(subject ?? "");
        if ({|MILTER093:verdict == Verdict.Reject()|})
        {
            return verdict;
        }

        return Verdict.Continue;
    }

    private static Verdict Judge(string subject) => subject.Contains("lottery") ? Verdict.Reject(550, "5.7.1", "No, " + subject.Length) : Verdict.Continue;
}
