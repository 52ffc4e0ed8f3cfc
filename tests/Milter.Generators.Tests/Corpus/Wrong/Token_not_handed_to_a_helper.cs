[Milter]
partial class Filter
{
    [OnMail]
    async Task<Verdict> From(EnvelopeAddress from)
    {
        string domain = from.Domain;
        await {|MILTER122:LookAsync(domain)|};
        return domain.Length == 0 ? Verdict.Reject() : Verdict.Continue;
    }

    private static async Task LookAsync(string domain, CancellationToken ct = default)
    {
        await Task.Delay(1, ct);
        Console.WriteLine(domain);
    }
}
