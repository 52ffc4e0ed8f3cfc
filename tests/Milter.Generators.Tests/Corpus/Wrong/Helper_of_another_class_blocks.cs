using System.Net.Http;

static class Reputation
{
    public static bool IsBad(HttpClient http, string domain) => Fetch(http, domain).Contains("bad", StringComparison.Ordinal);

    private static string Fetch(HttpClient http, string domain) => http.GetStringAsync("http://localhost/" + domain).Result;
}

sealed class Scanner
{
    public async Task<bool> ScanAsync(Stream mail)
    {
        Thread.Sleep(100);
        await Task.Yield();
        return mail.Length > 10_000_000;
    }
}

[Milter]
partial class Filter(HttpClient http, Scanner scanner)
{
    [OnMail] Verdict From(EnvelopeAddress from) => {|MILTER120:Reputation.IsBad(http, from.Domain)|} ? Verdict.Reject() : Verdict.Continue;

    [OnEom]
    async Task<Verdict> End(MessageBody body)
    {
        if (!body.IsAvailable)
        {
            return Verdict.TempFail();
        }

        return await {|MILTER120:scanner.ScanAsync(body.OpenRead())|} ? Verdict.Reject() : Verdict.Continue;
    }
}
