using System.Net;
using System.Net.Sockets;

namespace Milter.Listening;

/// <summary>A socket that MTAs connect to.</summary>
internal sealed class MilterListener : IDisposable
{
    private readonly Socket _socket;
    private readonly SocketFile? _file;
    private readonly bool _isInherited;

    private MilterListener(Socket socket, MilterEndPoint endPoint, SocketFile? file = null, bool isInherited = false)
    {
        _socket = socket;
        EndPoint = endPoint;
        _file = file;
        _isInherited = isInherited;
    }

    /// <summary>Gets what is really listened on: the port that was free, the address of an inherited socket.</summary>
    public MilterEndPoint EndPoint { get; }

    /// <summary>Opens the socket.</summary>
    /// <exception cref="MilterListenException">It can't be opened; the message says why and how to mend it.</exception>
    public static async Task<MilterListener> OpenAsync(ListenSettings settings, CancellationToken ct)
    {
        MilterEndPoint endPoint = settings.EndPoint;
        switch (endPoint.Kind)
        {
            case MilterEndPointKind.Unix:
                return OpenUnix(settings);
            case MilterEndPointKind.FileDescriptor or MilterEndPointKind.Systemd:
                Socket inherited = InheritedSocket.Open(endPoint);
                return new MilterListener(inherited, Describe(inherited, endPoint), isInherited: true);
            default:
                Socket tcp = await TcpSocket.ListenAsync(endPoint, ct).ConfigureAwait(false);
                return new MilterListener(tcp, endPoint.WithPort(((IPEndPoint)tcp.LocalEndPoint!).Port));
        }
    }

    /// <summary>Opens a unix socket, for the first time or again.</summary>
    /// <exception cref="MilterListenException">It can't be opened; the message says why and how to mend it.</exception>
    public static MilterListener OpenUnix(ListenSettings settings)
    {
        (Socket socket, SocketFile file) = SocketFile.Listen(settings);
        return new MilterListener(socket, settings.EndPoint, file);
    }

    /// <summary>Gets the socket's descriptor, which does not block from now on.</summary>
    public int Descriptor
    {
        get
        {
            _socket.Blocking = false;
            return (int)_socket.Handle;
        }
    }

    /// <summary>Gets a value indicating whether connections that wait at the end are ours to take: an inherited socket's are the next process's.</summary>
    public bool OwnsWaiting => !_isInherited;

    /// <summary>Takes the next connection.</summary>
    public async ValueTask<Socket> AcceptAsync(CancellationToken ct)
    {
        Socket socket = await _socket.AcceptAsync(ct).ConfigureAwait(false);
        if (socket.ProtocolType == ProtocolType.Tcp || socket.AddressFamily != AddressFamily.Unix)
        {
            TcpSocket.Prepare(socket);
        }

        return socket;
    }

    /// <summary>Says whether a connection waits that nobody else will take.</summary>
    public bool HasWaiting() => OwnsWaiting && _socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Gets a value indicating whether the socket's file was taken away by somebody else: nobody finds it any more, though it is open.</summary>
    public bool IsGone => _file?.IsGone ?? false;

    /// <summary>Nobody finds the socket any more: its file is gone, or requests over TCP are not answered. Connections that wait can still be accepted.</summary>
    public void Hide()
    {
        _file?.RemoveIfOurs();
        if (OwnsWaiting && EndPoint.Kind is MilterEndPointKind.Inet or MilterEndPointKind.Inet6)
        {
            TcpSocket.TakeNoNew(_socket);
        }
    }

    public void Dispose()
    {
        _file?.RemoveIfOurs();
        _socket.Dispose();
        _file?.Dispose();
    }

    // A unix socket without a path, and whatever else may be inherited, can't be said in another way.
    private static MilterEndPoint Describe(Socket socket, MilterEndPoint fallback) => socket.LocalEndPoint switch
    {
        IPEndPoint ip => MilterEndPoint.FromAddress(ip),
        UnixDomainSocketEndPoint unix when unix.ToString() is { Length: > 0 } => MilterEndPoint.FromAddress(unix),
        _ => fallback,
    };
}
