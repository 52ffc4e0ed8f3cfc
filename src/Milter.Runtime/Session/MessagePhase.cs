namespace Milter.Session;

/// <summary>How far a message has come.</summary>
internal enum MessagePhase
{
    /// <summary>No message is open.</summary>
    None,

    /// <summary>A message is being received.</summary>
    Open,

    /// <summary>DATA was refused. The MTA may give the message up, or go on with more recipients.</summary>
    RefusedAtData,

    /// <summary>A verdict has ended the message; steps of it that come all the same get that verdict again.</summary>
    Over,
}
