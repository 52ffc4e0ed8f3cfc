namespace Milter.Transport.Loops;

/// <summary>Who serves connections that a loop takes.</summary>
internal interface IAcceptor
{
    /// <summary>Gets a value indicating whether another connection may be opened.</summary>
    bool HasRoom { get; }

    /// <summary>Serves a connection, and owns its descriptor from now on.</summary>
    void Serve(int descriptor, PeerAddress peer);

    /// <summary>None can be taken at present.</summary>
    /// <param name="reason">Why, in words.</param>
    void AcceptFailed(string reason);
}
