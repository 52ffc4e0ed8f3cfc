using System.Net.Http;

[Milter]
partial class Filter(HttpClient http)
{
    private string Rules => {|MILTER120:http.GetStringAsync("http://localhost/rules").GetAwaiter().GetResult()|};

    [OnMail]
    Verdict From(EnvelopeAddress from)
    {
        return Rules.Contains(from.Address, StringComparison.OrdinalIgnoreCase) || Slow() ? Verdict.Reject() : Verdict.Continue;

        bool Slow()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "http://localhost/slow");
            using HttpResponseMessage response = {|MILTER120:http.Send(request)|};
            return response.IsSuccessStatusCode;
        }
    }

    [OnRcpt]
    Verdict To(EnvelopeAddress to)
    {
        Func<string, bool> known = domain => {|MILTER120:Dns.GetHostAddresses(domain)|}.Length > 0;
        return known(to.Domain) ? Verdict.Continue : Verdict.Reject();
    }
}
