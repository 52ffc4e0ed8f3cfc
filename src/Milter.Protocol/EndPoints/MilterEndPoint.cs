using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Milter;

/// <summary>Where a milter listens, in libmilter's spelling or in Postfix's: for the milter itself, and for whoever consults it.</summary>
/// <remarks>
/// <list type="table">
/// <item><term><c>inet:port@host</c></term><description>TCP over IPv4. The host is a name, an address or an address in brackets.</description></item>
/// <item><term><c>inet:port</c></term><description>The same on all interfaces.</description></item>
/// <item><term><c>inet:host:port</c></term><description>The same in Postfix's order.</description></item>
/// <item><term><c>inet6:port@host</c>, <c>inet6:port</c>, <c>inet6:[address]:port</c></term><description>TCP over IPv6. <c>inet6:port</c> takes IPv4 as well.</description></item>
/// <item><term><c>unix:path</c>, <c>local:path</c></term><description>A unix socket. A relative path is against the working directory of the process.</description></item>
/// <item><term><c>fd:N</c></term><description>An inherited listening socket.</description></item>
/// <item><term><c>systemd</c>, <c>systemd:name</c></term><description>Socket activation: the only socket that was handed over, or the one of this <c>FileDescriptorName=</c>.</description></item>
/// </list>
/// The scheme is not case-sensitive. Ports are numbers; 0 takes any free one. Where libmilter guesses, this refuses: text
/// without a scheme is no path, and <c>inet:127.0.0.1:9900</c> is not port 127 on all interfaces.
/// </remarks>
public sealed class MilterEndPoint : IEquatable<MilterEndPoint>
{
    private MilterEndPoint(MilterEndPointKind kind) => Kind = kind;

    /// <summary>Gets the spellings above in a line, for a message to people.</summary>
    public static string Spellings => EndPointParser.Spellings;

    /// <summary>Gets what is listened on.</summary>
    public MilterEndPointKind Kind { get; }

    /// <summary>Gets the host name or address of a TCP endpoint, without brackets; <see langword="null"/> for all interfaces.</summary>
    public string? Host { get; private init; }

    /// <summary>Gets the port of a TCP endpoint, from 0 (any free one) to 65535.</summary>
    public int Port { get; private init; }

    /// <summary>Gets the path of a unix socket, as it was written; otherwise <see langword="null"/>.</summary>
    public string? Path { get; private init; }

    /// <summary>Gets the number of an inherited socket (<c>fd:N</c>), otherwise 0.</summary>
    public int Descriptor { get; private init; }

    /// <summary>Gets the name of a socket that systemd hands over, or <see langword="null"/> for the only one.</summary>
    public string? Name { get; private init; }

    /// <summary>Compares two endpoints.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they are written alike; names are not looked up.</returns>
    public static bool operator ==(MilterEndPoint? left, MilterEndPoint? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Compares two endpoints.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they are written differently.</returns>
    public static bool operator !=(MilterEndPoint? left, MilterEndPoint? right) => !(left == right);

    /// <summary>Reads an endpoint.</summary>
    /// <param name="text">One of the spellings above.</param>
    /// <returns>The endpoint.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is <see langword="null"/>.</exception>
    /// <exception cref="MilterEndPointException">The text is none of them, or could be read in two ways; the message says how to write it.</exception>
    public static MilterEndPoint Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return EndPointParser.TryParse(text, out MilterEndPoint? endPoint, out string? error) ? endPoint : throw new MilterEndPointException(error);
    }

    /// <summary>Reads an endpoint.</summary>
    /// <param name="text">One of the spellings above; anything else, <see langword="null"/> included, gives <see langword="false"/>.</param>
    /// <param name="endPoint">The endpoint.</param>
    /// <returns>Whether the text is one of them.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out MilterEndPoint? endPoint) =>
        TryParse(text, out endPoint, out _);

    /// <summary>Reads an endpoint.</summary>
    /// <param name="text">One of the spellings above; anything else, <see langword="null"/> included, gives <see langword="false"/>.</param>
    /// <param name="endPoint">The endpoint.</param>
    /// <param name="error">What is wrong, and what is allowed; <see langword="null"/> when all is well.</param>
    /// <returns>Whether the text is one of them.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out MilterEndPoint? endPoint, [NotNullWhen(false)] out string? error) =>
        EndPointParser.TryParse(text ?? "", out endPoint, out error);

    /// <summary>Says where a socket is.</summary>
    /// <param name="address">An <see cref="IPEndPoint"/>, <see cref="DnsEndPoint"/> or <see cref="UnixDomainSocketEndPoint"/>, such as <see cref="Socket.LocalEndPoint"/> of a listening socket.</param>
    /// <returns>The endpoint.</returns>
    /// <exception cref="ArgumentException">It is of another kind, or a unix socket without a path.</exception>
    public static MilterEndPoint FromAddress(EndPoint address) => address switch
    {
        IPEndPoint ip => Tcp(KindOf(ip.AddressFamily), ip.Address.Equals(IPAddress.Any) || ip.Address.Equals(IPAddress.IPv6Any) ? null : ip.Address.ToString(), ip.Port),
        DnsEndPoint name => Tcp(KindOf(name.AddressFamily), name.Host, name.Port),
        UnixDomainSocketEndPoint unix when unix.ToString() is { Length: > 0 } path => Unix(path),
        _ => throw new ArgumentException($"{address} is neither TCP nor a unix socket with a path.", nameof(address)),
    };

    /// <summary>Makes a copy with another port.</summary>
    /// <param name="port">The port, from 0 (any free one) to 65535.</param>
    /// <returns>The copy.</returns>
    /// <exception cref="InvalidOperationException">This is no TCP endpoint.</exception>
    public MilterEndPoint WithPort(int port)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue);
        return IsTcp ? Tcp(Kind, Host, port) : throw new InvalidOperationException($"\"{this}\" has no port.");
    }

    /// <summary>Gets the address to bind a listening socket to.</summary>
    /// <remarks><c>localhost</c> is the loopback address, no host is all interfaces. Any other name comes as a <see cref="DnsEndPoint"/> of the scheme's family: <see cref="Socket.Bind"/> does not look names up.</remarks>
    /// <returns>The address.</returns>
    /// <exception cref="MilterEndPointException">It is an inherited socket, which listens already; or a path that is too long for this system.</exception>
    public EndPoint ToListenAddress()
    {
        if (!IsTcp)
        {
            return UnixAddress("listens already");
        }

        bool isSix = Kind == MilterEndPointKind.Inet6;
        IPAddress? address = Host is null ? (isSix ? IPAddress.IPv6Any : IPAddress.Any)
            : Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? (isSix ? IPAddress.IPv6Loopback : IPAddress.Loopback)
            : IPAddress.TryParse(Host, out IPAddress? written) ? written : null;
        return address is not null ? new IPEndPoint(address, Port) : new DnsEndPoint(Host!, Port, isSix ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork);
    }

    /// <summary>Gets the address to connect to, as an MTA does that consults the milter.</summary>
    /// <remarks>What is all interfaces to a milter is this machine to its MTA. Names come as a <see cref="DnsEndPoint"/>, with <c>inet</c> for both families, as with Postfix.</remarks>
    /// <returns>The address.</returns>
    /// <exception cref="MilterEndPointException">Nobody can connect to an inherited socket by its number or name, nor to port 0; or the path is too long for this system.</exception>
    public EndPoint ToConnectAddress()
    {
        if (!IsTcp)
        {
            return UnixAddress("does not tell where it listens");
        }

        if (Port == 0)
        {
            throw new MilterEndPointException($"\"{this}\" is nothing to connect to: port 0 is for listening, on any free port. Write the port from 1 to 65535 that the filter listens on.");
        }

        return Host is null ? new IPEndPoint(Kind == MilterEndPointKind.Inet6 ? IPAddress.IPv6Loopback : IPAddress.Loopback, Port)
            : IPAddress.TryParse(Host, out IPAddress? address) ? new IPEndPoint(address, Port)
            : new DnsEndPoint(Host, Port, Kind == MilterEndPointKind.Inet6 ? AddressFamily.InterNetworkV6 : AddressFamily.Unspecified);
    }

    /// <summary>Says the endpoint in libmilter's spelling.</summary>
    /// <returns>Text that <see cref="Parse"/> reads back.</returns>
    public override string ToString() => Kind switch
    {
        MilterEndPointKind.Inet or MilterEndPointKind.Inet6 => Host is null ? $"{Scheme}:{PortText}" : $"{Scheme}:{PortText}@{BracketedHost}",
        MilterEndPointKind.Unix => $"unix:{Path}",
        MilterEndPointKind.FileDescriptor => string.Create(CultureInfo.InvariantCulture, $"fd:{Descriptor}"),
        _ => Name is null ? "systemd" : $"systemd:{Name}",
    };

    /// <summary>Says the endpoint as Postfix wants it in <c>smtpd_milters</c>: <c>inet:host:port</c> or <c>unix:/path</c>.</summary>
    /// <remarks>A smtpd in a chroot sees a unix socket's path from its queue directory on: cut that part off then.</remarks>
    /// <returns>The value; for all interfaces, the loopback address.</returns>
    /// <exception cref="InvalidOperationException">An inherited socket does not tell its address.</exception>
    public string ToPostfix() => Kind switch
    {
        MilterEndPointKind.Inet or MilterEndPointKind.Inet6 => $"inet:{ClientHost}:{PortText}",
        MilterEndPointKind.Unix => $"unix:{System.IO.Path.GetFullPath(Path!)}",
        _ => throw Inherited(),
    };

    /// <summary>Says the endpoint as Sendmail wants it after <c>S=</c>: <c>inet:port@host</c> or <c>unix:/path</c>.</summary>
    /// <returns>The value; for all interfaces, the loopback address.</returns>
    /// <exception cref="InvalidOperationException">An inherited socket does not tell its address.</exception>
    public string ToSendmail() => Kind switch
    {
        MilterEndPointKind.Inet or MilterEndPointKind.Inet6 => $"{Scheme}:{PortText}@{ClientHost}",
        MilterEndPointKind.Unix => $"unix:{System.IO.Path.GetFullPath(Path!)}",
        _ => throw Inherited(),
    };

    /// <inheritdoc/>
    public bool Equals(MilterEndPoint? other) =>
        other is not null && Kind == other.Kind && Port == other.Port && Descriptor == other.Descriptor
        && string.Equals(Host, other.Host, StringComparison.OrdinalIgnoreCase)
        && string.Equals(Path, other.Path, StringComparison.Ordinal) && string.Equals(Name, other.Name, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MilterEndPoint);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(Kind, Port, Descriptor, StringComparer.OrdinalIgnoreCase.GetHashCode(Host ?? ""), Path, Name);

    internal static MilterEndPoint Tcp(MilterEndPointKind kind, string? host, int port) => new(kind) { Host = host, Port = port };

    internal static MilterEndPoint Unix(string path) => new(MilterEndPointKind.Unix) { Path = path };

    internal static MilterEndPoint Inherited(int descriptor) => new(MilterEndPointKind.FileDescriptor) { Descriptor = descriptor };

    internal static MilterEndPoint Activated(string? name) => new(MilterEndPointKind.Systemd) { Name = name };

    private static MilterEndPointKind KindOf(AddressFamily family) => family == AddressFamily.InterNetworkV6 ? MilterEndPointKind.Inet6 : MilterEndPointKind.Inet;

    private bool IsTcp => Kind is MilterEndPointKind.Inet or MilterEndPointKind.Inet6;

    private string Scheme => Kind == MilterEndPointKind.Inet ? "inet" : "inet6";

    private string PortText => Port.ToString(CultureInfo.InvariantCulture);

    private string? BracketedHost => Host is not null && Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;

    private string ClientHost => BracketedHost ?? (Kind == MilterEndPointKind.Inet ? "127.0.0.1" : "[::1]");

    private UnixDomainSocketEndPoint UnixAddress(string whyNot)
    {
        if (Kind != MilterEndPointKind.Unix)
        {
            throw new MilterEndPointException($"\"{this}\" is a socket that a milter inherits, which {whyNot}. Write inet:port@host, inet:host:port, inet6:port@host or unix:/path.");
        }

        try
        {
            return new UnixDomainSocketEndPoint(Path!);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new MilterEndPointException($"\"{this}\" has a path that is too long for a unix socket. Use a shorter one, such as /run/NAME/NAME.sock.", e);
        }
    }

    private InvalidOperationException Inherited() =>
        new($"\"{this}\" does not tell its address before it is opened; ask the running server for its EndPoint.");
}
