[Milter]
partial class Filter
{
    private int _seen;
    private string? _slow;
    private readonly Dictionary<string, List<string>> _byDomain = [];

    [OnRcpt]
    async Task<Verdict> To(EnvelopeAddress to, CancellationToken ct)
    {
        string domain = to.Domain;
        bool again = _slow is null;
        await SlowAsync(domain, ct);
        if (!_byDomain.TryGetValue(domain, out List<string>? list))
        {
            {|MILTER111:_byDomain[domain]|} = list = [];
        }

        list.Add(domain);
        foreach (string word in Words(domain))
        {
            if (word == "test")
            {
                return Verdict.Reject();
            }
        }

        return again || _seen > 5 ? Verdict.TempFail() : Verdict.Continue;
    }

    private async Task SlowAsync(string domain, CancellationToken ct)
    {
        await Task.Delay(5, ct);
        {|MILTER110:_slow|} = domain;
    }

    private IEnumerable<string> Words(string domain)
    {
        foreach (string word in domain.Split('.'))
        {
            {|MILTER110:_seen|}++;
            yield return word;
        }
    }
}
