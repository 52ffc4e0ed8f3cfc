namespace Milter;

/// <summary>What came of a question.</summary>
public enum DnsStatus
{
    /// <summary>No resolver has answered it, or not in time, or what came is no answer to it: a temporary error. Never taken for <see cref="NoData"/>.</summary>
    Failed,

    /// <summary>There are records.</summary>
    Found,

    /// <summary>The name is there, and has no records of the kind.</summary>
    NoData,

    /// <summary>There is no such name (<c>NXDOMAIN</c>).</summary>
    NoSuchName,
}
