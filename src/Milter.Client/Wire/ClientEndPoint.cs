using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Milter.Client;

/// <summary>The spellings of a filter's address that an MTA takes: <c>inet:port@host</c>, <c>inet:host:port</c>, <c>unix:path</c>.</summary>
internal static class ClientEndPoint
{
    public static EndPoint Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string scheme = colon < 0 ? "" : text[..colon].ToLowerInvariant();
        string rest = text[(colon + 1)..];
        EndPoint? endPoint = scheme switch
        {
            "unix" or "local" when rest.Length > 0 => new UnixDomainSocketEndPoint(rest),
            "inet" => Tcp(rest, AddressFamily.InterNetwork),
            "inet6" => Tcp(rest, AddressFamily.InterNetworkV6),
            _ => null,
        };
        return endPoint ?? throw new FormatException($"\"{text}\" is no filter's address. Write inet:port@host, inet:host:port, inet6:port@host or unix:/path.");
    }

    private static EndPoint? Tcp(string rest, AddressFamily family)
    {
        int at = rest.IndexOf('@', StringComparison.Ordinal);
        int colon = rest.LastIndexOf(':');
        (string host, string portText) = at >= 0 ? (rest[(at + 1)..], rest[..at]) : colon >= 0 ? (rest[..colon], rest[(colon + 1)..]) : ("", rest);
        host = host is ['[', .., ']'] ? host[1..^1] : host;
        host = host.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase) ? host[5..] : host;
        if (!ushort.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || port == 0 || (at < 0 && host.Length > 0 && host.All(char.IsAsciiDigit)))
        {
            return null;
        }

        if (host.Length == 0)
        {
            // What a filter calls "all interfaces" is this machine to its MTA.
            return at >= 0 ? null : new IPEndPoint(family == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback, port);
        }

        return IPAddress.TryParse(host, out IPAddress? address) ? new IPEndPoint(address, port)
            : new DnsEndPoint(host, port, family == AddressFamily.InterNetworkV6 ? family : AddressFamily.Unspecified);
    }
}
