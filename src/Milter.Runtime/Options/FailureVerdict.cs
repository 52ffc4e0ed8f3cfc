namespace Milter;

/// <summary>The verdict that stands in for one that a handler could not give.</summary>
/// <remarks>Where it is not legal at the stage, it is replaced by what is, as with any verdict.</remarks>
public enum FailureVerdict
{
    /// <summary>Refuse for now: the sender tries again later, nothing is lost and nothing passes unfiltered. The default.</summary>
    TempFail,

    /// <summary>Refuse for good: the sender gets its mail back.</summary>
    Reject,

    /// <summary>Let the message pass and filter it no further.</summary>
    Accept,

    /// <summary>Go on with the next stage, as if this handler had nothing to say.</summary>
    Continue,
}
