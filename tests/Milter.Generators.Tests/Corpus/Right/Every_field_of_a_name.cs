// all fields of a name, as they were sent and decoded, beside the first
//> EOM: InsertHeader X-Seen|1 True 5 0
//> EOH: Reject
[Milter]
partial class Filter
{
    [OnEoh] Verdict Headers([Header("subject", Decoded = true)] HeaderValues subjects, [Header("X-Spam")] HeaderValues? marks)
    {
        foreach (string subject in subjects)
        {
            if (subject == "Again" && marks is { Count: 0 })
            {
                return Verdict.Reject();
            }
        }

        return Verdict.Continue;
    }

    [OnEom] void End([Header("SUBJECT")] HeaderValues subjects, [Header("Subject")] string? first, [Header("X-None")] HeaderValues none, HeaderAdder headers) =>
        headers.Add("X-Seen", $"{subjects.Count} {subjects[0] == first} {subjects.GetBytes(0).Length} {none.Count}");
}
