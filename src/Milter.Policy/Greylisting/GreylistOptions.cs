namespace Milter.Policy;

/// <summary>How greylisting is done: the section <c>Policy:Greylist</c>.</summary>
public sealed class GreylistOptions
{
    internal const string Section = "Policy:Greylist";

    /// <summary>Gets or sets how long a new triplet (client, sender, recipient) is put off.</summary>
    /// <value>5 minutes by default; from 0 to 1 day.</value>
    public TimeSpan Delay { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Gets or sets how long after its first attempt a triplet may come back; later it is a new one.</summary>
    /// <value>2 days by default; longer than <see cref="Delay"/>, up to 30 days.</value>
    public TimeSpan RetryWindow { get; set; } = TimeSpan.FromDays(2);

    /// <summary>Gets or sets how long a triplet that came back is known, from its last message on.</summary>
    /// <value>36 days by default; up to 400 days.</value>
    public TimeSpan Keep { get; set; } = TimeSpan.FromDays(36);

    /// <summary>Gets or sets how many triplets of a client have to come back until the client itself is known, and its mail no longer put off.</summary>
    /// <value>5 by default; 0 for never.</value>
    public int AutoWhitelistAfter { get; set; } = 5;

    /// <summary>Gets or sets what a client is: senders with many addresses never come back by the same one.</summary>
    /// <value><see cref="GreylistClient.Network"/> by default. An <see cref="IGreylistClientKey"/> among the services goes first.</value>
    public GreylistClient Client { get; set; }

    /// <summary>Gets or sets how many bits of an IPv4 address are the client's network.</summary>
    /// <value>24 by default; from 8 to 32.</value>
    public int IPv4PrefixLength { get; set; } = 24;

    /// <summary>Gets or sets how many bits of an IPv6 address are the client's network.</summary>
    /// <value>64 by default; from 16 to 128.</value>
    public int IPv6PrefixLength { get; set; } = 64;

    /// <summary>Gets or sets clients that are never put off.</summary>
    public IpNetworkSet ExemptClients { get; set; } = [];

    /// <summary>Gets or sets senders that are never put off: addresses, domains, which include those below, or <c>user@</c> at any domain. A sender can be forged.</summary>
    public IList<string> ExemptSenders { get; set; } = [];

    /// <summary>Gets or sets recipients whose mail is never put off, in the same form: <c>postmaster@</c>.</summary>
    public IList<string> ExemptRecipients { get; set; } = [];

    /// <summary>Gets or sets what becomes of mail while the store is away.</summary>
    /// <value><see cref="StoreFailure.PutOff"/> by default.</value>
    public StoreFailure OnStoreFailure { get; set; }
}

/// <summary>What is taken for a client in greylisting.</summary>
public enum GreylistClient
{
    /// <summary>The network of its address.</summary>
    Network,

    /// <summary>The domain of its host name, where the MTA has verified one that does not look dynamic: the name without its first label, so that all of a provider's hosts are one client. Else its network.</summary>
    PtrDomain,
}
