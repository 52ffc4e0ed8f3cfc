namespace Milter.Client;

/// <summary>Why a filter could not be consulted.</summary>
public enum MilterClientError
{
    /// <summary>No connection: nobody listens, or not within the time.</summary>
    Refused,

    /// <summary>The filter was silent for too long.</summary>
    Timeout,

    /// <summary>The filter hung up.</summary>
    Closed,

    /// <summary>The filter sent what the protocol does not allow there.</summary>
    Protocol,

    /// <summary>The MTA itself would not take the message, so that no filter is told its content. The connection can be used further.</summary>
    Message,
}
