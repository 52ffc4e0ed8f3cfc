namespace Milter;

/// <summary>What a milter's server is at.</summary>
public enum MilterState
{
    /// <summary>It does not listen yet.</summary>
    Starting,

    /// <summary>It takes connections.</summary>
    Listening,

    /// <summary>It takes no more connections, and the sessions there are come to their end.</summary>
    Draining,

    /// <summary>It has stopped.</summary>
    Stopped,
}
