interface IReputation { Task<int> OfAsync(string domain, CancellationToken ct); }

[Milter]
partial class Filter(IReputation reputation)
{
    [OnMail]
    async Task<Verdict> From(EnvelopeAddress from, CancellationToken ct)
    {
        try
        {
            return await reputation.OfAsync(from.Domain, ct) < 0 ? Verdict.Reject() : Verdict.Continue;
        }
        catch (Exception)
        {
            {|MILTER195:return Verdict.Continue;|}
        }
    }
}
