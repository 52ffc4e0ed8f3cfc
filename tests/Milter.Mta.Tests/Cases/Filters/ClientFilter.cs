using Milter.Mta.Tests;

namespace Milter.Mta.Filters;

/// <summary>Tells who sends, as far as the MTA says.</summary>
[Milter]
public sealed partial class ClientFilter(Journal journal)
{
    [OnHelo]
    private void Helo(string name, MilterContext context) => journal.Add($"helo {name} tls={context.IsTls}");

    [OnRcpt]
    private Verdict Rcpt(EnvelopeAddress to) =>
        to.LocalPart.StartsWith("no", StringComparison.Ordinal) ? Verdict.Reject(550, "5.1.1", "Not here") : Verdict.Continue;

    [OnEom]
    private void End(
        ConnectInfo? client,
        [ClientAddress] System.Net.IPAddress? address,
        [Helo] string? helo,
        TlsInfo? tls,
        Authentication? authentication,
        MessageEnvelope envelope,
        HeaderEditor headers)
    {
        EnvelopeAddress to = envelope.Recipients[0];
        journal.Add($"client host={client?.HostName} address={address} local={client?.IsLocal} helo={helo} tls={tls?.Version} bits={tls?.Bits} auth={authentication?.Identity}");
        journal.Add($"envelope from={envelope.Sender.Address} null={envelope.Sender.IsNull} utf8={envelope.Sender.IsSmtpUtf8} to={to.Address} domain={to.Domain}");
        headers.Append("X-Seen", "Grüße");
    }
}
