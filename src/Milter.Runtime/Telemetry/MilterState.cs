namespace Milter;

/// <summary>What a milter's server is at.</summary>
public enum MilterState
{
    /// <summary>It does not listen yet, or the file of its unix socket was taken away and can't be made again so far.</summary>
    Starting,

    /// <summary>It takes connections.</summary>
    Listening,

    /// <summary>It takes no more connections, and the sessions there are come to their end.</summary>
    Draining,

    /// <summary>It has stopped.</summary>
    Stopped,
}
