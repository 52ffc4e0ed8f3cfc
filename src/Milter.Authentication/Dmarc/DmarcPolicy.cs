namespace Milter;

/// <summary>What a domain's owner wants to be done with mail that is not his (RFC 9989 section 4.7).</summary>
public enum DmarcPolicy
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It is suspicious: put it aside, mark it.</summary>
    Quarantine,

    /// <summary>Refuse it.</summary>
    Reject,
}
