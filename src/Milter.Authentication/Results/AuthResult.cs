namespace Milter;

/// <summary>What an authentication came to, in the words of Authentication-Results (RFC 8601 section 2.7).</summary>
public enum AuthResult
{
    /// <summary>Nothing to judge by: no record, no signature.</summary>
    None,

    /// <summary>It could be judged, and says neither yes nor no; of a signature: it can't be used as it is.</summary>
    Neutral,

    /// <summary>It is from whom it says.</summary>
    Pass,

    /// <summary>It is not from whom it says, as far as the domain's owner is concerned.</summary>
    Fail,

    /// <summary>Probably not, says the domain's owner (SPF alone).</summary>
    SoftFail,

    /// <summary>It was valid, and is not taken, for a reason of this host's policy.</summary>
    Policy,

    /// <summary>It could not be judged for now: a name server did not answer.</summary>
    TempError,

    /// <summary>It can't be judged: what the domain's owner or the sender wrote is wrong.</summary>
    PermError,
}
