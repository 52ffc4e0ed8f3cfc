namespace Milter;

/// <summary>Which lists are asked: the section <c>DnsLists</c> of the configuration.</summary>
public sealed class DnsListOptions
{
    internal const string Section = "DnsLists";

    /// <summary>Gets or sets the lists.</summary>
    public IList<DnsList> Lists { get; set; } = [];

    /// <summary>Gets or sets how long all of them together may take. One that has not answered by then is an error, no listing.</summary>
    /// <value>5 s by default.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);
}

/// <summary>A list in the DNS (RFC 5782).</summary>
public sealed class DnsList
{
    /// <summary>Gets or sets the zone, such as <c>zen.spamhaus.org</c>.</summary>
    public string Zone { get; set; } = "";

    /// <summary>Gets or sets what is in the list.</summary>
    public DnsListKind Kind { get; set; }

    /// <summary>Gets or sets which return codes are listings: addresses, networks, ranges.</summary>
    /// <value>Empty by default: all of 127.0.0.0/8 but 127.0.0.1 and 127.255.255.0/24, by which lists say that they do not answer this host.</value>
    public IpNetworkSet Codes { get; set; } = [];
}

/// <summary>What a list has.</summary>
public enum DnsListKind
{
    /// <summary>Addresses that are not to be trusted (DNSBL).</summary>
    BlockedAddresses,

    /// <summary>Addresses that are to be trusted (DNSWL).</summary>
    AllowedAddresses,

    /// <summary>Domains that are not to be trusted (URIBL, DBL).</summary>
    BlockedDomains,
}

/// <summary>What a list has said.</summary>
/// <param name="List">The list.</param>
/// <param name="Status">Whether it has it.</param>
/// <param name="Codes">Its return codes.</param>
/// <param name="Reason">What went wrong; empty otherwise.</param>
public sealed record DnsListing(DnsList List, DnsListingStatus Status, IReadOnlyList<System.Net.IPAddress> Codes, string Reason);

/// <summary>Whether something is in a list.</summary>
public enum DnsListingStatus
{
    /// <summary>It is not.</summary>
    NotListed,

    /// <summary>It is.</summary>
    Listed,

    /// <summary>The list has not answered, not in time, or says that it does not answer this host. Never to be taken for a listing.</summary>
    Error,
}
