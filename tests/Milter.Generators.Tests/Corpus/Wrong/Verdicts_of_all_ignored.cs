[Milter]
partial class Filter
{
    [OnEom]
    async Task<Verdict> End([Header("Subject")] HeaderValues subjects, ConnectInfo? client, CancellationToken ct)
    {
        {|MILTER089:await Task.WhenAll(SpfAsync(client, ct), SubjectAsync(subjects, ct))|};
        return Verdict.Continue;
    }

    private static async Task<Verdict> SpfAsync(ConnectInfo? client, CancellationToken ct)
    {
        await Task.Delay(1, ct);
        return client is null ? Verdict.TempFail() : Verdict.Continue;
    }

    private static async Task<Verdict> SubjectAsync(HeaderValues subjects, CancellationToken ct)
    {
        await Task.Delay(1, ct);
        return subjects.Count > 1 ? Verdict.Reject() : Verdict.Continue;
    }
}
