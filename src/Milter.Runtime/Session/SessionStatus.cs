namespace Milter.Session;

/// <summary>What the owner of a session has to do next.</summary>
internal enum SessionStatus
{
    /// <summary>Write what is owed, then read more.</summary>
    NeedMore,

    /// <summary>A handler is pending: write what is owed, await <see cref="MilterSession.Pending"/>, then resume.</summary>
    Suspended,

    /// <summary>Write what is owed, then close the connection.</summary>
    Closed,

    /// <summary>The handler that blocked this thread was taken over: somebody else owns the connection, touch nothing any more.</summary>
    Deposed,
}
