namespace Milter;

/// <summary>The kinds of DNS records that mail is judged by (RFC 1035, RFC 3596).</summary>
public enum DnsRecordType
{
    /// <summary>An IPv4 address.</summary>
    A = 1,

    /// <summary>The name of an address.</summary>
#pragma warning disable CA1720 // It is the name of the record (RFC 1035 section 3.2.2).
    Ptr = 12,
#pragma warning restore CA1720

    /// <summary>A host that takes a domain's mail.</summary>
    Mx = 15,

    /// <summary>A text.</summary>
    Txt = 16,

    /// <summary>An IPv6 address.</summary>
    Aaaa = 28,
}
