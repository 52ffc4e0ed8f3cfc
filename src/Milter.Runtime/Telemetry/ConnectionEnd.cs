namespace Milter.Telemetry;

/// <summary>Why a connection ended.</summary>
internal enum ConnectionEnd
{
    /// <summary>It goes on.</summary>
    None,

    /// <summary>The session was over: QUIT, or something that is not the protocol.</summary>
    Session,

    /// <summary>The MTA closed it.</summary>
    PeerClosed,

    /// <summary>The MTA closed it within a frame.</summary>
    PeerClosedInFrame,

    /// <summary>The MTA reset it, or is unreachable.</summary>
    PeerReset,

    /// <summary>Nothing was heard for the idle timeout.</summary>
    Idle,

    /// <summary>Memory was scarce, and the MTA took nothing.</summary>
    Shortage,

    /// <summary>The server stops.</summary>
    Stopping,

    /// <summary>The engine failed.</summary>
    Failed,
}
