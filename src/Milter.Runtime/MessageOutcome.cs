namespace Milter;

/// <summary>How a message ended for this filter.</summary>
public enum MessageOutcome
{
    /// <summary>This filter let it pass, by Continue at its end or by Accept at any stage. Others may still refuse it.</summary>
    Passed,

    /// <summary>This filter refused it with Reject or TempFail.</summary>
    Refused,

    /// <summary>This filter had it dropped with Discard.</summary>
    Discarded,

    /// <summary>The client or the MTA gave it up: RSET, a new HELO, a refusal by the MTA or another filter.</summary>
    Aborted,

    /// <summary>The connection to the MTA ended in the middle of it.</summary>
    ConnectionLost,
}
