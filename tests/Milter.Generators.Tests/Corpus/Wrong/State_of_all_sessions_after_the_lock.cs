using System.Collections.Immutable;

static class Totals
{
    public static int Messages;
    public static readonly Dictionary<string, int> ByDomain = [];
}

[Milter]
partial class Filter
{
    private static readonly SemaphoreSlim s_gate = new(1);
    private static int s_count;
    private static ImmutableList<string> s_domains = [];
    private static string? s_last;

    [OnMail]
    async Task<Verdict> From(EnvelopeAddress from, CancellationToken ct)
    {
        string domain = from.Domain;
        {|MILTER113:Totals.ByDomain[domain]|} = Totals.ByDomain.GetValueOrDefault(domain) + 1;
        {|MILTER113:Totals.Messages|}++;
        await s_gate.WaitAsync(ct);
        s_gate.Release();
        {|MILTER113:s_count|}++;
        {|MILTER113:s_domains|} = s_domains.Add(domain);
        {|MILTER113:s_last|} ??= domain;
        return s_count > 1000 ? Verdict.TempFail() : Verdict.Continue;
    }
}
