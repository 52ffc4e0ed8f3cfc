namespace Milter.Policy;

/// <summary>Who may send how much: the section <c>Policy:Limits</c>.</summary>
public sealed class PolicyLimitsOptions
{
    internal const string Section = "Policy:Limits";

    /// <summary>Gets or sets the limits. All of them hold.</summary>
    public IList<PolicyLimit> Rules { get; set; } = [];

    /// <summary>Gets or sets clients that have no limit.</summary>
    public IpNetworkSet ExemptClients { get; set; } = [];

    /// <summary>Gets or sets what becomes of mail while the store is away.</summary>
    /// <value><see cref="StoreFailure.PutOff"/> by default.</value>
    public StoreFailure OnStoreFailure { get; set; }
}

/// <summary>A limit, in the words of <c>System.Threading.RateLimiting</c>'s fixed window.</summary>
public sealed class PolicyLimit
{
    /// <summary>Gets or sets for whom it counts.</summary>
    public PolicyLimitPer Per { get; set; }

    /// <summary>Gets or sets what it counts.</summary>
    public PolicyLimitOf Of { get; set; }

    /// <summary>Gets or sets how many, or how many bytes, a window has.</summary>
    /// <value>0 by default, which is refused at the start.</value>
    public long PermitLimit { get; set; }

    /// <summary>Gets or sets how long a window lasts, from the first count in it.</summary>
    /// <value>1 hour by default; from 1 s to 400 days.</value>
    public TimeSpan Window { get; set; } = TimeSpan.FromHours(1);
}

/// <summary>For whom a limit counts.</summary>
public enum PolicyLimitPer
{
    /// <summary>The name under which the client has logged in. Who has not logged in has no such limit.</summary>
    Login,

    /// <summary>The client's address.</summary>
    Client,

    /// <summary>The client's network, /24 or /64.</summary>
    Network,
}

/// <summary>What a limit counts.</summary>
public enum PolicyLimitOf
{
    /// <summary>Messages: ask at MAIL, or at the end of the message to count those alone that came so far.</summary>
    Messages,

    /// <summary>Recipients: ask at RCPT.</summary>
    Recipients,

    /// <summary>Bytes: ask at the end of the message.</summary>
    Bytes,
}
