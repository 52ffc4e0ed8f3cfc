namespace Milter;

/// <summary>How senders are judged: the section <c>Authentication</c> of the configuration.</summary>
public sealed class AuthenticationOptions
{
    internal const string Section = "Authentication";

    /// <summary>Gets or sets the name under which this host tells results (RFC 8601 section 2.5).</summary>
    /// <value><see langword="null"/> by default: the MTA's own name, its macro <c>{j}</c>. Several hosts of one site that trust each other's fields have one name.</value>
    public string? AuthservId { get; set; }

    /// <summary>Gets or sets relays of our own whose Received fields are believed: mail from them is judged by the client that they name.</summary>
    /// <value>Empty by default.</value>
    public IpNetworkSet TrustedRelays { get; set; } = [];

    /// <summary>Gets or sets clients that are not judged, as those that have logged in are not, and those on the MTA's own machine.</summary>
    /// <value>Empty by default.</value>
    public IpNetworkSet LocalClients { get; set; } = [];

    /// <summary>Gets or sets how many DKIM signatures of a message are looked at.</summary>
    /// <value>10 by default; from 1 to 100. The others are <see cref="AuthResult.Policy"/>.</value>
    public int MaxSignatures { get; set; } = 10;

    /// <summary>Gets or sets how far clocks may be apart: a signature is taken for so long after its end, and before its time.</summary>
    /// <value>5 min by default; from 0 to 1 day.</value>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Gets or sets whether a signature passes that is for the beginning of the body alone (<c>l=</c>) where more follows.</summary>
    /// <value><see langword="true"/> by default, as RFC 6376 has it; otherwise it is <see cref="AuthResult.Policy"/>, and counts for nothing at DMARC.</value>
    public bool AcceptUnsignedBytes { get; set; } = true;
}
