namespace Milter.Policy;

/// <summary>How long those whom our users wrote to are known: the section <c>Policy:KnownSenders</c>.</summary>
public sealed class KnownSendersOptions
{
    internal const string Section = "Policy:KnownSenders";

    /// <summary>Gets or sets how long an address is known, from the last message that one of our users sent to it.</summary>
    /// <value>60 days by default; from 1 hour to 4000 days.</value>
    public TimeSpan Keep { get; set; } = TimeSpan.FromDays(60);

    /// <summary>Gets or sets a value indicating whether an address is known to the user alone who wrote to it; otherwise to all.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool PerUser { get; set; }
}
