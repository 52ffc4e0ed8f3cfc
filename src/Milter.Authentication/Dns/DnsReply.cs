using System.Net;
using DnsClient;
using DnsClient.Protocol;

namespace Milter.Auth;

/// <summary>What a response says about a name: an answer, or under which other name to go on.</summary>
internal readonly struct DnsReply
{
    private DnsReply(DnsAnswer? answer, string? alias, TimeSpan timeToLive)
    {
        Answer = answer;
        Alias = alias;
        TimeToLive = timeToLive;
    }

    /// <summary>Gets the answer; <see langword="null"/> where it is at <see cref="Alias"/>.</summary>
    public DnsAnswer? Answer { get; }

    /// <summary>Gets the name that the aliases of the response lead to, which the server has not asked for itself.</summary>
    public string? Alias { get; }

    /// <summary>Gets the shortest time to live of the aliases.</summary>
    public TimeSpan TimeToLive { get; }

    /// <summary>Reads a response to a question; records of other names, which it may have for whatever reason, are not looked at.</summary>
    /// <param name="response">The response, of code 0 or 3, whose question was checked.</param>
    /// <param name="name">The name, in normal form.</param>
    /// <param name="type">The kind.</param>
    /// <param name="seen">Names that were come by before, for chains that go round.</param>
    public static DnsReply Read(IDnsQueryResponse response, string name, DnsRecordType type, HashSet<string> seen)
    {
        int lifetime = int.MaxValue;
        string asked = name;
        while (AliasOf(response, name, ref lifetime) is { } alias)
        {
            if (!seen.Add(alias))
            {
                return new(DnsAnswer.Failed($"the aliases (CNAME) of {name} go round"), null, default);
            }

            name = alias;
        }

        SoaRecord? soa = response.Authorities.OfType<SoaRecord>().FirstOrDefault();
        if (response.Header.ResponseCode == DnsHeaderResponseCode.NotExistentDomain)
        {
            return new(DnsAnswer.NoSuchName(Negative(soa, lifetime)), null, default);
        }

        DnsAnswer answer = Records(response, name, type, ref lifetime, out bool isAny);
        if (isAny)
        {
            return new(answer, null, default);
        }

        if (soa is null && name != asked)
        {
            return new(null, name, TimeSpan.FromSeconds(lifetime));
        }

        return soa is null && !response.Header.RecursionAvailable && response.Authorities.OfType<NsRecord>().Any()
            ? new(DnsAnswer.Failed($"the name server refers to others for {name}: it is no resolver"), null, default)
            : new(DnsAnswer.NoData(Negative(soa, lifetime)), null, default);
    }

    private static string? AliasOf(IDnsQueryResponse response, string name, ref int lifetime)
    {
        foreach (DnsResourceRecord record in response.Answers)
        {
            if (record is CNameRecord alias && IsOf(record, name))
            {
                lifetime = Math.Min(lifetime, Seconds(record));
                return DnsNames.Normal(Plain(alias.CanonicalName)) ?? "";
            }
        }

        return null;
    }

    private static DnsAnswer Records(IDnsQueryResponse response, string name, DnsRecordType type, ref int lifetime, out bool isAny)
    {
        isAny = false;
        var texts = new List<(int Order, string Text)>();
        var addresses = new List<IPAddress>();
        foreach (DnsResourceRecord record in response.Answers)
        {
            if ((int)record.RecordType != (int)type || !IsOf(record, name))
            {
                continue;
            }

            // A null MX is a record, and no host.
            isAny = true;
            lifetime = Math.Min(lifetime, Seconds(record));
            switch (record)
            {
                case AddressRecord address:
                    addresses.Add(address.Address);
                    break;
                case TxtRecord text:
                    texts.Add((0, string.Concat(text.Text)));
                    break;
                case PtrRecord pointer:
                    texts.Add((0, Plain(pointer.PtrDomainName)));
                    break;
                case MxRecord exchange when Plain(exchange.Exchange) is { Length: > 0 } host:
                    texts.Add((exchange.Preference, host));
                    break;
            }
        }

        TimeSpan time = TimeSpan.FromSeconds(lifetime == int.MaxValue ? 0 : lifetime);
        return addresses.Count > 0 ? DnsAnswer.Of(addresses, time)
            : texts.Count == 0 ? DnsAnswer.NoData(time)
            : DnsAnswer.Of([.. texts.OrderBy(static one => one.Order).Select(static one => one.Text)], time);
    }

    // The name as it was sent; the library turns Value into letters beyond ASCII where it begins with xn--.
    private static bool IsOf(DnsResourceRecord record, string name) =>
        record.DomainName.Original.AsSpan().TrimEnd('.').Equals(name, StringComparison.OrdinalIgnoreCase);

    // A name in data is as it was sent in Value, with what is no usual character escaped.
    private static string Plain(DnsString name)
    {
        string value = name.Value.TrimEnd('.');
        return value.Contains('\\', StringComparison.Ordinal)
            ? value.Replace("\\;", ";", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal)
            : value;
    }

    private static int Seconds(DnsResourceRecord record) => Math.Max(0, record.InitialTimeToLive);

    // RFC 2308 section 5: not kept without an SOA.
    private static TimeSpan Negative(SoaRecord? soa, int lifetime) =>
        TimeSpan.FromSeconds(soa is null ? 0 : Math.Min(lifetime, Math.Min(Seconds(soa), soa.Minimum)));
}
