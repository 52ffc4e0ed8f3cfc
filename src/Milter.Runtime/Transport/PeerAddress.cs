using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Milter.Listening;

namespace Milter.Transport;

/// <summary>The peer of a connection; its text is made when somebody asks for it.</summary>
internal sealed class PeerAddress
{
    private readonly byte[] _bytes;
    private readonly int _port;
    private readonly uint _scope;
    private IPeerSource? _source;
    private PeerCredentials? _credentials;

    /// <summary>Makes the address of a peer on TCP.</summary>
    /// <param name="bytes">The address, in network order.</param>
    /// <param name="port">The port.</param>
    /// <param name="scope">The scope of an IPv6 address.</param>
    public PeerAddress(byte[] bytes, int port, uint scope) => (_bytes, _port, _scope) = (bytes, port, scope);

    /// <summary>Makes the peer of a unix socket.</summary>
    /// <param name="credentials">Whose process it is, where the system tells.</param>
    public PeerAddress(PeerCredentials? credentials)
        : this([], 0, 0) => _credentials = credentials;

    /// <summary>Makes the peer of a unix socket, whose process is asked for when somebody wants to know: mostly nobody does, and it is a system call.</summary>
    /// <param name="source">Where to ask, as long as the connection is open.</param>
    public PeerAddress(IPeerSource source)
        : this([], 0, 0) => _source = source;

    /// <summary>Gets a peer of which nothing is known.</summary>
    public static PeerAddress Unknown { get; } = new(credentials: null);

    /// <summary>Gets whose process is at the other end of a unix socket; <see langword="null"/> where the system does not tell, and of TCP.</summary>
    public PeerCredentials? Credentials
    {
        get
        {
            if (_source is { } source)
            {
                _credentials = source.AskPeer();
                _source = null;
            }

            return _credentials;
        }
    }

    public bool IsTcp => _bytes.Length > 0;

    /// <summary>Gets the address of a peer on TCP.</summary>
    public IPAddress? Address => !IsTcp ? null : _bytes.Length == 16 ? new IPAddress(_bytes, _scope) : new IPAddress(_bytes);

    /// <summary>Reads the peer of a socket of the platform's.</summary>
    public static PeerAddress Of(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint is IPEndPoint ip && socket.AddressFamily != AddressFamily.Unix
                ? new PeerAddress(ip.Address.GetAddressBytes(), ip.Port, ip.AddressFamily == AddressFamily.InterNetworkV6 ? (uint)ip.Address.ScopeId : 0)
                : new PeerAddress(PeerCredentials.Of(socket));
        }
        catch (SocketException)
        {
            // It has left already.
            return Unknown;
        }
    }

    public override string ToString() =>
        Address is { } address ? string.Create(CultureInfo.InvariantCulture, $"{new IPEndPoint(address, _port)}")
        : Credentials is { } who ? $"unix ({who})"
        : "unix";
}

/// <summary>What knows whose process is at the other end of a unix socket.</summary>
internal interface IPeerSource
{
    /// <summary>Asks the system; nothing is known once the connection is closed.</summary>
    PeerCredentials? AskPeer();
}
