namespace Milter.Policy;

/// <summary>What all policies of a program share: the section <c>Policy</c> of the configuration.</summary>
public sealed class PolicyOptions
{
    internal const string Section = "Policy";

    /// <summary>Gets or sets the store: <c>memory</c>, <c>sqlite:FILE</c>, <c>postgresql:CONNECTION STRING</c>, <c>redis:CONFIGURATION</c>.</summary>
    /// <value>
    /// <c>sqlite:policy.db</c> by default. A relative file is below <c>$STATE_DIRECTORY</c>, which systemd sets by <c>StateDirectory=</c>, and otherwise below the host's content root.
    /// PostgreSQL and Redis need their packages, <c>AttrMilter.Policy.PostgreSql</c> and <c>AttrMilter.Policy.Redis</c>.
    /// </value>
    public string Store { get; set; } = "sqlite:policy.db";

    /// <summary>Gets or sets how long a policy waits for the store, connecting included.</summary>
    /// <value>1 s by default; from 10 ms to 60 s. It has to be well below <see cref="MilterOptions.CommandBudget"/>. PostgreSQL rounds it up to whole seconds for itself, policies do not.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets how long after a failure the store is not asked, but taken for away at once; then one message tries again for all.</summary>
    /// <value>1 s by default; from 0 to 60 s.</value>
    public TimeSpan RetryInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets whose clock holds.</summary>
    /// <value><see cref="PolicyClock.Store"/> by default.</value>
    public PolicyClock Clock { get; set; }

    /// <summary>Gets or sets a secret: where it is set, the store gets digests instead of addresses (HMAC-SHA-256, 128 bits).</summary>
    /// <value><see langword="null"/> by default: keys are kept as they are, and can be read. All hosts need the same one, of at least 16 characters; another one makes all keys new.</value>
    public string? HashKey { get; set; }
}
