namespace Milter.Session;

/// <summary>What a session needs of the connection that carries it.</summary>
/// <remarks>The object itself is the write gate: whoever writes, or makes somebody else the owner, holds its lock.</remarks>
internal interface ISessionHost
{
    /// <summary>Writes whole frames at once, before anything that is owed later. Called while a handler runs, from any thread.</summary>
    /// <param name="frames">The bytes.</param>
    void SendNow(ReadOnlySpan<byte> frames);

    /// <summary>A handler is about to run on this thread whose stage is known to block.</summary>
    void BeforeBlocking()
    {
    }
}
