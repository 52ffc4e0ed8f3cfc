namespace Milter;

/// <summary>How the DNS is asked: the section <c>Dns</c> of the configuration.</summary>
public sealed class DnsOptions
{
    internal const string Section = "Dns";

    /// <summary>Gets the name servers (recursive resolvers): addresses with or without a port, <c>127.0.0.1</c>, <c>127.0.0.1:5353</c>, <c>[::1]:53</c>. They are asked in this order, the next one where one fails.</summary>
    /// <value>Empty by default: the system's. Where it names none, <c>127.0.0.1</c>; never a public one, which lists refuse.</value>
    public IList<string> Servers { get; } = [];

    /// <summary>Gets or sets how long one try waits.</summary>
    /// <value>2 s by default; from 50 ms to 30 s.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets or sets how often each server is tried.</summary>
    /// <value>2 by default; from 1 to 5.</value>
    public int Tries { get; set; } = 2;

    /// <summary>Gets or sets how long all questions about one message may take together. Then whatever is still asked is a temporary error.</summary>
    /// <value>20 s by default (RFC 7208 section 4.6.4 wants at least that); from 1 s to 5 min. The handler's own time (<see cref="MilterOptions.EndOfMessageBudget"/>) goes before it.</value>
    public TimeSpan MessageBudget { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Gets or sets how many questions one message may cause. Whatever is asked beyond is a temporary error.</summary>
    /// <value>150 by default; from 10 to 10,000. One SPF evaluation at its limits takes some 110.</value>
    public int MessageQueries { get; set; } = 150;

    /// <summary>Gets or sets how many answers are kept.</summary>
    /// <value>20,000 by default; 0 keeps none. An answer of usual size takes some 500 bytes.</value>
    public int CacheSize { get; set; } = 20_000;

    /// <summary>Gets or sets for how long an answer is kept at most, whatever its time to live says.</summary>
    /// <value>1 h by default.</value>
    public TimeSpan CacheLifetime { get; set; } = TimeSpan.FromHours(1);
}
