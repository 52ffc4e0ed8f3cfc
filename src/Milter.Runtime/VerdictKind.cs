namespace Milter;

/// <summary>What a verdict says.</summary>
public enum VerdictKind : byte
{
    /// <summary>Go on (<c>SMFIS_CONTINUE</c>).</summary>
    Continue = 0,

    /// <summary>Let it pass and ask no more (<c>SMFIS_ACCEPT</c>).</summary>
    Accept,

    /// <summary>Refuse for good, 5xx (<c>SMFIS_REJECT</c>).</summary>
    Reject,

    /// <summary>Refuse for now, 4xx (<c>SMFIS_TEMPFAIL</c>).</summary>
    TempFail,

    /// <summary>Pretend success and drop the message (<c>SMFIS_DISCARD</c>).</summary>
    Discard,

    /// <summary>Enough of the body seen (<c>SMFIS_SKIP</c>).</summary>
    Skip,
}
