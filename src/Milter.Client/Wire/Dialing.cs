using System.Net;
using System.Net.Sockets;

namespace Milter.Client;

/// <summary>The way to a filter: a socket of the kind that its address wants, without delays on TCP.</summary>
internal static class Dialing
{
    /// <summary>Connects.</summary>
    /// <param name="filter">Where it listens. A host name without a family is tried at all of its addresses.</param>
    /// <param name="cancellation">Gives it up.</param>
    /// <returns>The socket, connected.</returns>
    /// <exception cref="SocketException">Nobody answers there.</exception>
    public static async Task<Socket> ConnectAsync(EndPoint filter, CancellationToken cancellation)
    {
        Socket socket = NewSocket(filter);
        try
        {
            await socket.ConnectAsync(filter, cancellation).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Says why nobody was reached.</summary>
    /// <remarks>Of a unix socket that is not there the platform says that its address can't be assigned.</remarks>
    public static string Reason(EndPoint filter, SocketException exception) =>
        filter is UnixDomainSocketEndPoint && exception.SocketErrorCode == SocketError.AddressNotAvailable ? "there is no such socket" : exception.Message;

    private static Socket NewSocket(EndPoint filter) => filter switch
    {
        UnixDomainSocketEndPoint => new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified),
        { AddressFamily: AddressFamily.Unspecified } => new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true },
        _ => new Socket(filter.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true },
    };
}
