namespace Milter.Session;

/// <summary>What is owed to a filter's instance at the end of a message or a session, in the order in which it is done.</summary>
[Flags]
internal enum Owed
{
    None = 0,

    /// <summary>The handlers of ABORT.</summary>
    Abort = 1,

    /// <summary>The handlers of a message's end.</summary>
    MessageEnd = 2,

    /// <summary>The disposal of the message's services.</summary>
    MessageServices = 4,

    /// <summary>The reset of the members marked with <see cref="PerMessageAttribute"/>.</summary>
    Reset = 8,

    /// <summary>The handlers of the session's end.</summary>
    Close = 16,

    /// <summary>The disposal of the instance.</summary>
    Filter = 32,

    /// <summary>The disposal of the session's services.</summary>
    SessionServices = 64,

    /// <summary>All that is no handler.</summary>
    Disposals = MessageServices | Filter | SessionServices,
}
