using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Milter.Listening;

/// <summary>Listening on TCP, and what keeps a conversation over TCP from stalling.</summary>
internal static class TcpSocket
{
    private const int TcpLevel = 6, QuickAck = 12;
    private const int SocketLevel = 1, AttachFilter = 26;

    // A classic BPF program over the TCP header: of SYN and ACK only SYN is set, so somebody asks for a new connection: keep 0 bytes of it. All else passes.
    // An instruction is a code, two jumps and a number: load the byte of flags; and; jump if equal; return; return.
    private static readonly ulong[] s_noNewConnections =
    [
        Instruction(0x30, 13), Instruction(0x54, 0x12), Instruction(0x15, 0x02, otherwise: 1), Instruction(0x06, 0), Instruction(0x06, uint.MaxValue),
    ];

    /// <summary>Opens a listening socket.</summary>
    /// <exception cref="MilterListenException">The host is unknown, or the port can't be had.</exception>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The caller owns it; disposed of on failure.")]
    public static async Task<Socket> ListenAsync(MilterEndPoint endPoint, CancellationToken ct)
    {
        AddressFamily family = endPoint.Kind == MilterEndPointKind.Inet6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        IPAddress address = await ResolveAsync(endPoint, family, ct).ConfigureAwait(false);
        Socket? socket = null;
        try
        {
            // .NET sets SO_REUSEADDR by itself when it binds TCP on Unix; its own option would set SO_REUSEPORT too and let two filters share a port.
            socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp);
            if (address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(new IPEndPoint(address, endPoint.Port));
            socket.Listen();
            return socket;
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            throw new MilterListenException(Explain(endPoint, address, e), e);
        }
    }

    /// <summary>Sets what every connection over TCP needs.</summary>
    public static void Prepare(Socket socket)
    {
        try
        {
            socket.NoDelay = true;
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        }
        catch (SocketException)
        {
            // The peer is gone already: the first read will say so.
        }
    }

    /// <summary>Says whether <see cref="AcknowledgeNow"/> is of use for this socket.</summary>
    public static bool DelaysAcknowledgements(Socket socket) =>
        OperatingSystem.IsLinux() && socket.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6;

    /// <summary>Acknowledges what was read at once, where nothing is about to be sent that would carry the acknowledgement.</summary>
    /// <remarks>
    /// MTAs send a macro packet and its command in two writes with Nagle's algorithm on: the second waits for our acknowledgement, which Linux would
    /// hold back for 40 ms. The kernel forgets the option, so it is set again after each read.
    /// </remarks>
    public static void AcknowledgeNow(Socket socket)
    {
        int on = 1;
        try
        {
            socket.SetRawSocketOption(TcpLevel, QuickAck, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in on)));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or PlatformNotSupportedException)
        {
            // A matter of speed only.
        }
    }

    /// <summary>Has the kernel leave requests for new connections unanswered, while those that it has made can still be accepted.</summary>
    /// <remarks>
    /// Between the last accept and the close another peer may connect, and would be reset. Now it asks again after a second, and finds the next process or nobody.
    /// Linux only, SO_ATTACH_FILTER (socket(7)); where it can't be had, that moment stays as short as it is.
    /// </remarks>
    public static unsafe void TakeNoNew(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        fixed (ulong* program = s_noNewConnections)
        {
            // struct sock_fprog: how many instructions, in two bytes, and where.
            Span<byte> filter = stackalloc byte[2 * sizeof(nint)];
            filter.Clear();
            MemoryMarshal.Write(filter, (ushort)s_noNewConnections.Length);
            MemoryMarshal.Write(filter[sizeof(nint)..], (nint)program);
            try
            {
                socket.SetRawSocketOption(SocketLevel, AttachFilter, filter);
            }
            catch (SocketException)
            {
                // An old container may not allow it.
            }
        }
    }

    // As struct sock_filter lies in memory: the little end first, or the other way round.
    private static ulong Instruction(ushort code, uint number, byte otherwise = 0)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        MemoryMarshal.Write(bytes, code);
        bytes[3] = otherwise;
        MemoryMarshal.Write(bytes[4..], number);
        return MemoryMarshal.Read<ulong>(bytes);
    }

    private static async Task<IPAddress> ResolveAsync(MilterEndPoint endPoint, AddressFamily family, CancellationToken ct)
    {
        if (endPoint.ToListenAddress() is IPEndPoint known)
        {
            return known.Address;
        }

        try
        {
            IPAddress[] addresses = await Dns.GetHostAddressesAsync(endPoint.Host!, family, ct).ConfigureAwait(false);
            return addresses.Length > 0 ? addresses[0] : throw new SocketException((int)SocketError.HostNotFound);
        }
        catch (SocketException e)
        {
            throw new MilterListenException(
                $"Can't listen on {endPoint}: the name \"{endPoint.Host}\" has no {(family == AddressFamily.InterNetworkV6 ? "IPv6" : "IPv4")} address here. Write an address of this machine, or leave the host out for all interfaces.", e);
        }
    }

    private static string Explain(MilterEndPoint endPoint, IPAddress address, SocketException e)
    {
        string port = endPoint.Port.ToString(CultureInfo.InvariantCulture);
        return $"Can't listen on {endPoint}: " + e.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => $"port {port} is in use by another process (ss -ltnp shows which), or by another milter of this one. Stop it or choose another port.",
            SocketError.AccessDenied => $"no permission for port {port}. Ports below 1024 need the capability CAP_NET_BIND_SERVICE; choose a higher one.",
            SocketError.AddressNotAvailable => $"{address} is no address of this machine. Write one of its own, or leave the host out for all interfaces.",
            SocketError.TooManyOpenSockets => MilterListenException.NoDescriptor,
            SocketError.AddressFamilyNotSupported => $"this machine has no {(endPoint.Kind == MilterEndPointKind.Inet6 ? "IPv6; use inet:" : "IPv4; use inet6:")}.",
            _ => e.Message + ".",
        };
    }
}
