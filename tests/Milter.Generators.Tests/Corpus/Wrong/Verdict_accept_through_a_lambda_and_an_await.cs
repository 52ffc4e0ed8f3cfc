[Milter]
partial class Filter
{
    [OnRcpt]
    async Task<Verdict> To(EnvelopeAddress to, CancellationToken ct)
    {
        Func<string, Verdict> judge = local => local == "postmaster" ? {|MILTER081:Verdict.Accept|} : Verdict.Continue;
        if (to.Domain.Length == 0)
        {
            return judge(to.LocalPart);
        }

        return await SlowlyAsync(to.LocalPart, ct);
    }

    private static async ValueTask<Verdict> SlowlyAsync(string local, CancellationToken ct)
    {
        await Task.Delay(1, ct);
        Verdict verdict = Verdict.Continue;
        if (local == "trap")
        {
            verdict = {|MILTER082:Verdict.Discard|};
        }

        return verdict;
    }
}
