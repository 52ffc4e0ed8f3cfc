using Milter;

namespace Samples.SenderPolicy;

/// <summary>What a postmaster sets: the section <c>SenderPolicy</c>.</summary>
internal sealed class SenderPolicyOptions
{
    public const string Section = "SenderPolicy";

    /// <summary>Domains that are ours, without those below them.</summary>
    public IList<string> OurDomains { get; set; } = [];

    /// <summary>Clients that may use a sender of ours without a login: our own machines.</summary>
    public IpNetworkSet OurNetworks { get; set; } = [];

    /// <summary>Whether one message may be for people of ours and strangers both: a reply to all shows strangers who of us was meant.</summary>
    public bool AllowMixedRecipients { get; set; } = true;

    /// <summary>How many recipients a message may have; 0 for no limit.</summary>
    public int MaxRecipients { get; set; } = 100;
}
