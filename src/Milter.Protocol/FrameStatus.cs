namespace Milter.Protocol;

/// <summary>What <see cref="FrameReader"/> found at the front of a buffer.</summary>
public enum FrameStatus
{
    /// <summary>A whole frame is there.</summary>
    Complete,

    /// <summary>So far nothing is wrong; more bytes are needed.</summary>
    Incomplete,

    /// <summary>The length is 0: a frame without even a code byte. What follows can't be trusted; end the connection.</summary>
    Empty,

    /// <summary>The length is above the limit, or was never a length. End the connection without waiting for the payload.</summary>
    TooLong,
}
