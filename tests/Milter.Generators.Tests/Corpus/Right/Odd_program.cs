// a program that runs two filters and a longer budget
Console.WriteLine(new MilterOptions { CommandBudget = TimeSpan.FromMinutes(1) });
await Task.WhenAll(MilterServer.RunAsync<Filter>(args.Length > 0 ? args[0] : "inet:0@127.0.0.1"), MilterServer.RunAsync<Second>("inet:0@127.0.0.1"));

[Milter]
partial class Filter
{
    [OnMail]
    async Task<Verdict> From(EnvelopeAddress from, CancellationToken ct)
    {
        string domain = from.Domain.ToLowerInvariant();
        if (domain == "slow.")
        {
            await Task.Delay(TimeSpan.FromSeconds(20), ct);
        }

        return domain == "bad." ? Verdict.Reject() : Verdict.Continue;
    }
}

[Milter]
partial class Second
{
    [OnRcpt] Verdict To(EnvelopeAddress to) => to.Domain.Length == 1 ? Verdict.Reject() : Verdict.Continue;
}
