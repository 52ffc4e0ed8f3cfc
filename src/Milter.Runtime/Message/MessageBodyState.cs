namespace Milter;

/// <summary>Whether a message's body is there.</summary>
public enum MessageBodyState
{
    /// <summary>The message has no body: not one byte came.</summary>
    Empty,

    /// <summary>The whole body is there.</summary>
    Available,

    /// <summary>The body is longer than the configured cap and was not kept.</summary>
    OverCap,

    /// <summary>The body could not be written to its temporary file and was not kept.</summary>
    SpoolFailed,

    /// <summary>Every body handler had had enough before the end (<see cref="Verdict.Skip"/>), so that the MTA sent only a part, which was not kept.</summary>
    CutBySkip,
}
