namespace Milter.Transport;

/// <summary>What a connection needs of the engine that serves it.</summary>
internal interface IConnectionOwner
{
    /// <summary>Handlers may run from now on: somebody should look at the clock.</summary>
    void Wake();

    /// <summary>A handler is about to run on this thread whose stage is known to block.</summary>
    void BeforeBlocking();

    /// <summary>The connection is over.</summary>
    void Ended(Connection connection);
}
