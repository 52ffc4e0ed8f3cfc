namespace Milter.Transport;

/// <summary>What a connection is told, and whether somebody is at work on it.</summary>
[Flags]
internal enum Signals
{
    None = 0,

    /// <summary>Somebody owns the connection, and will see what is set.</summary>
    Owned = 1,

    /// <summary>There may be something to read.</summary>
    Read = 2,

    /// <summary>The peer takes bytes again.</summary>
    Write = 4,

    /// <summary>What was awaited has completed, or its time is spent.</summary>
    Turn = 8,

    /// <summary>The peer has left, or at least shut its writing side.</summary>
    HangUp = 16,

    /// <summary>The connection is to end as soon as no command is pending.</summary>
    EndAtRest = 32,

    /// <summary>Nothing has happened for long.</summary>
    Silence = 64,

    /// <summary>Memory is scarce.</summary>
    Shortage = 128,
}
