interface ICheck { ValueTask<Verdict> RunAsync(string domain); }

[Milter]
partial class Filter(IEnumerable<ICheck> checks)
{
    [OnMail]
    async Task<Verdict> From(EnvelopeAddress from)
    {
        string domain = from.Domain;
        foreach (ICheck check in checks)
        {
            {|MILTER089:check.RunAsync(domain)|};
        }

        foreach (ICheck check in checks)
        {
            {|MILTER089:await check.RunAsync(domain)|};
        }

        Verdict first = {|MILTER089:await FirstAsync(domain)|};
        return domain.Length == 0 ? Verdict.Reject() : Verdict.Continue;
    }

    private static async Task<Verdict> FirstAsync(string domain)
    {
        await Task.Yield();
        return domain == "" ? Verdict.Reject() : Verdict.Continue;
    }
}
