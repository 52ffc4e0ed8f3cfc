namespace Milter.Session;

/// <summary>What the owner of a session has to do next.</summary>
internal enum SessionStatus
{
    /// <summary>Write what is owed, then read more.</summary>
    NeedMore,

    /// <summary>Enough is owed: write it, and go on with the rest of the input once the peer has taken it.</summary>
    Full,

    /// <summary>A handler is awaited: write what is owed; <see cref="ISessionHost.TurnCompleted"/> says when to resume.</summary>
    Suspended,

    /// <summary>Write what is owed, then close the connection.</summary>
    Closed,

    /// <summary>What was awaited had its time spent before it completed: the caller, who still owns the connection, goes on with <see cref="Conversation.Expire"/>.</summary>
    Expired,

    /// <summary>The handler that blocked this thread was expired: the clock owns the connection, touch nothing any more.</summary>
    Deposed,
}
