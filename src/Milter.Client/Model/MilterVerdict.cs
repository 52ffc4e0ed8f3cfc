namespace Milter.Client;

/// <summary>What a filter has decided.</summary>
public enum MilterVerdict
{
    /// <summary>Go on.</summary>
    Continue,

    /// <summary>Let it pass and ask no more: for the message, and at CONNECT and HELO for the session.</summary>
    Accept,

    /// <summary>Pretend success and drop the message.</summary>
    Discard,

    /// <summary>Refuse for good.</summary>
    Reject,

    /// <summary>Refuse for now.</summary>
    TempFail,

    /// <summary>No more of this kind: legal for chunks of the body.</summary>
    Skip,
}
