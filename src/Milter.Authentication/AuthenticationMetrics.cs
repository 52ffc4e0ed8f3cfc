using System.Diagnostics.Metrics;

namespace Milter.Auth;

/// <summary>What is counted, in the meter <c>AttrMilter.Authentication</c>.</summary>
internal static class AuthenticationMetrics
{
    private static readonly Meter s_meter = new("AttrMilter.Authentication", typeof(AuthenticationMetrics).Assembly.GetName().Version?.ToString(3));

    private static readonly Counter<long> s_queries = s_meter.CreateCounter<long>(
        "attrmilter.dns.queries", "{query}", "Questions put to name servers, those that the cache answers left out (tag type).");

    private static readonly Counter<long> s_failures = s_meter.CreateCounter<long>(
        "attrmilter.dns.failures", "{query}", "Questions that no name server has answered (tag type).");

    private static readonly Histogram<double> s_duration = s_meter.CreateHistogram<double>(
        "attrmilter.dns.duration", "s", "How long name servers took (tag type).");

    private static readonly Counter<long> s_signed = s_meter.CreateCounter<long>(
        "attrmilter.dkim.signing", "{message}", "Messages that came to a signer: signed, unsigned because they are not to be, failed (tag outcome).");

    public static void Signed(string outcome) => s_signed.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public static void Asked(DnsRecordType type, DnsStatus status, TimeSpan time)
    {
        var tag = new KeyValuePair<string, object?>("type", type switch
        {
            DnsRecordType.A => "A",
            DnsRecordType.Aaaa => "AAAA",
            DnsRecordType.Mx => "MX",
            DnsRecordType.Ptr => "PTR",
            _ => "TXT",
        });
        s_queries.Add(1, tag);
        s_duration.Record(time.TotalSeconds, tag);
        if (status == DnsStatus.Failed)
        {
            s_failures.Add(1, tag);
        }
    }
}
