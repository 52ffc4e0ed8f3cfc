using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Milter.Transport;

namespace Milter;

/// <summary>Where a milter listens, in libmilter's spelling or in Postfix's.</summary>
/// <remarks>
/// <list type="table">
/// <item><term><c>inet:port@host</c></term><description>TCP over IPv4. The host is a name, an address or an address in brackets.</description></item>
/// <item><term><c>inet:port</c></term><description>The same on all interfaces.</description></item>
/// <item><term><c>inet:host:port</c></term><description>The same in Postfix's order.</description></item>
/// <item><term><c>inet6:port@host</c>, <c>inet6:port</c>, <c>inet6:[address]:port</c></term><description>TCP over IPv6. <c>inet6:port</c> takes IPv4 as well.</description></item>
/// <item><term><c>unix:path</c>, <c>local:path</c></term><description>A unix socket.</description></item>
/// <item><term><c>fd:N</c></term><description>An inherited listening socket.</description></item>
/// <item><term><c>systemd</c>, <c>systemd:name</c></term><description>Socket activation: the only socket that was handed over, or the one of this <c>FileDescriptorName=</c>.</description></item>
/// </list>
/// The scheme is not case-sensitive. Ports are numbers; 0 takes any free one. Where libmilter guesses, this refuses: text
/// without a scheme is no path, and <c>inet:127.0.0.1:9900</c> is not port 127 on all interfaces.
/// </remarks>
public sealed class MilterEndPoint : IEquatable<MilterEndPoint>
{
    private MilterEndPoint(MilterEndPointKind kind) => Kind = kind;

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
        EndPointParser.TryParse(text ?? "", out endPoint, out _);

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

    private string Scheme => Kind == MilterEndPointKind.Inet ? "inet" : "inet6";

    private string PortText => Port.ToString(CultureInfo.InvariantCulture);

    private string? BracketedHost => Host is not null && Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;

    private string ClientHost => BracketedHost ?? (Kind == MilterEndPointKind.Inet ? "127.0.0.1" : "[::1]");

    private InvalidOperationException Inherited() =>
        new($"\"{this}\" does not tell its address before it is opened; ask the running server for its EndPoint.");
}
