namespace Milter;

/// <summary>What carries connections.</summary>
public enum MilterTransport
{
    /// <summary>Loops of our own on Linux, the platform's sockets elsewhere. The default.</summary>
    Automatic,

    /// <summary>The platform's sockets, on every system.</summary>
    Sockets,
}
