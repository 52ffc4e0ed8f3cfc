namespace Milter.Session;

/// <summary>What a session needs of the connection that carries it.</summary>
internal interface ISessionHost
{
    /// <summary>Writes whole frames at once, behind all that is owed. Called by whoever holds the turn that runs, from any thread.</summary>
    /// <param name="frames">The bytes.</param>
    void SendNow(ReadOnlySpan<byte> frames);

    /// <summary>A handler is about to run on this thread whose stage is known to block.</summary>
    void BeforeBlocking()
    {
    }

    /// <summary>Gets the processor time that the calling thread has used, in nanoseconds; negative where the system does not tell.</summary>
    long ThreadTime => -1;

    /// <summary>What was awaited has completed, or may have. Called from any thread.</summary>
    void TurnCompleted();
}
