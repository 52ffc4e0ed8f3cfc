using System.Net;
using System.Net.Sockets;
using DnsClient;

namespace Milter.Auth;

/// <summary>Which name servers are asked.</summary>
internal static class DnsServers
{
    private const int Port = 53;

    /// <summary>Reads an entry of <see cref="DnsOptions.Servers"/>.</summary>
    /// <returns>What is wrong with it; <see langword="null"/> for nothing.</returns>
    public static string? Parse(string? entry, out IPEndPoint server)
    {
        if (IPEndPoint.TryParse(entry ?? "", out IPEndPoint? parsed) && (entry!.Contains('.', StringComparison.Ordinal) || entry.Contains(':', StringComparison.Ordinal)))
        {
            server = parsed.Port == 0 ? new IPEndPoint(parsed.Address, Port) : parsed;
            return null;
        }

        server = new IPEndPoint(IPAddress.Loopback, Port);
        return $"\"{entry}\" is no name server: write its address, with a port if it is not 53 (192.0.2.53, 127.0.0.1:5353, [::1]:53).";
    }

    /// <summary>Gives the servers of the options, or the system's.</summary>
    public static NameServer[] Of(DnsOptions options)
    {
        if (options.Servers.Count > 0)
        {
            return [.. options.Servers.Select(static entry => Parse(entry, out IPEndPoint server) is { } problem ? throw new ArgumentException(problem) : new NameServer(server))];
        }

        NameServer[] system = [];
        try
        {
            // The library would fall back to a public resolver, which is nobody's wish, and which lists refuse.
            system = [.. NameServer.ResolveNameServers(skipIPv6SiteLocal: true, fallbackToGooglePublicDns: false)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException or SocketException or System.Net.NetworkInformation.NetworkInformationException)
        {
            // As resolv.conf(5) has it: where nothing is said, the resolver is on this host.
        }

        return system.Length > 0 ? system : [new NameServer(IPAddress.Loopback, Port)];
    }
}
