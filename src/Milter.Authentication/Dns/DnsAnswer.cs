using System.Net;

namespace Milter;

/// <summary>An answer of the DNS. Never changes.</summary>
public sealed class DnsAnswer
{
    private DnsAnswer(DnsStatus status, IReadOnlyList<string> texts, IReadOnlyList<IPAddress> addresses, TimeSpan timeToLive, string? reason)
    {
        Status = status;
        Texts = texts;
        Addresses = addresses;
        TimeToLive = timeToLive;
        Reason = reason;
    }

    /// <summary>Gets what came of the question.</summary>
    public DnsStatus Status { get; }

    /// <summary>Gets the records of TXT (the strings of a record joined, RFC 7208 section 3.3), MX (host names, the most preferred first; a null MX is left out) and PTR (host names), without final dots.</summary>
    /// <value>Empty for other kinds, and where there are none.</value>
    public IReadOnlyList<string> Texts { get; }

    /// <summary>Gets the records of A and AAAA.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; }

    /// <summary>Gets for how long the answer holds.</summary>
    /// <value>Zero where it must not be kept.</value>
    public TimeSpan TimeToLive { get; }

    /// <summary>Gets why there is no answer, for logs; <see langword="null"/> unless <see cref="Status"/> is <see cref="DnsStatus.Failed"/>.</summary>
    public string? Reason { get; }

    /// <summary>Gets a value indicating whether the DNS has answered that there is nothing: no records, or no such name.</summary>
    public bool IsVoid => Status is DnsStatus.NoData or DnsStatus.NoSuchName;

    /// <summary>Makes an answer of TXT, MX or PTR.</summary>
    /// <param name="texts">The records.</param>
    /// <param name="timeToLive">For how long it holds.</param>
    /// <returns>The answer; <see cref="DnsStatus.NoData"/> where there are none.</returns>
    public static DnsAnswer Of(IReadOnlyList<string> texts, TimeSpan timeToLive = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return new(texts.Count == 0 ? DnsStatus.NoData : DnsStatus.Found, texts, [], timeToLive, null);
    }

    /// <summary>Makes an answer of A or AAAA.</summary>
    /// <param name="addresses">The records.</param>
    /// <param name="timeToLive">For how long it holds.</param>
    /// <returns>The answer; <see cref="DnsStatus.NoData"/> where there are none.</returns>
    public static DnsAnswer Of(IReadOnlyList<IPAddress> addresses, TimeSpan timeToLive = default)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        return new(addresses.Count == 0 ? DnsStatus.NoData : DnsStatus.Found, [], addresses, timeToLive, null);
    }

    /// <summary>Makes the answer that the name has no such records.</summary>
    /// <param name="timeToLive">For how long it holds (RFC 2308).</param>
    /// <returns>The answer.</returns>
    public static DnsAnswer NoData(TimeSpan timeToLive = default) => new(DnsStatus.NoData, [], [], timeToLive, null);

    /// <summary>Makes the answer that there is no such name.</summary>
    /// <param name="timeToLive">For how long it holds (RFC 2308).</param>
    /// <returns>The answer.</returns>
    public static DnsAnswer NoSuchName(TimeSpan timeToLive = default) => new(DnsStatus.NoSuchName, [], [], timeToLive, null);

    /// <summary>Makes the answer that there is none.</summary>
    /// <param name="reason">Why.</param>
    /// <returns>The answer.</returns>
    public static DnsAnswer Failed(string reason) => new(DnsStatus.Failed, [], [], TimeSpan.Zero, reason);

    /// <summary>Gives the same for a shorter time.</summary>
    internal DnsAnswer Within(TimeSpan timeToLive) => new(Status, Texts, Addresses, timeToLive, Reason);

    /// <summary>Gives the answer, for logs.</summary>
    /// <returns>The status or the records.</returns>
    public override string ToString() => Status switch
    {
        DnsStatus.Failed => $"failed: {Reason}",
        DnsStatus.Found => string.Join("; ", Texts.Concat(Addresses.Select(static one => one.ToString()))),
        _ => Status.ToString(),
    };
}
