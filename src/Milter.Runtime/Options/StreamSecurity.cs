using System.Net.Sockets;

namespace Milter;

/// <summary>What makes of a connection one that nobody else can read. A program that sets none carries none of it.</summary>
internal abstract class StreamSecurity
{
    /// <summary>Gets or sets who is told, in a line, what is wrong with files that have changed.</summary>
    public Action<string> Complain { get; set; } = static _ => { };

    /// <summary>Reads what it takes to serve.</summary>
    /// <exception cref="MilterListenException">It can't be read; the message says what and how to mend it.</exception>
    public abstract void Load();

    /// <summary>Says hello to a peer.</summary>
    /// <param name="socket">The connection, which the stream owns.</param>
    /// <exception cref="IOException">The peer has gone, or may not connect; the message says why.</exception>
    public abstract Task<Stream> OpenAsync(Socket socket);
}
