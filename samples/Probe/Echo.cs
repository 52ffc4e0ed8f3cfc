using System.Globalization;
using Milter.Protocol;

namespace Milter.Samples.Probe;

/// <summary>Says in one line what the probe has seen: what an MTA gave to the engine, and what came out of it.</summary>
internal static class Echo
{
    public static string Line(ConnectInfo? client, string? helo, ProbeMessage message) => string.Join(
        ' ',
        $"host={client?.HostName ?? "-"}",
        $"family={Family(client)}",
        $"addr={client?.Address?.ToString() ?? client?.SocketPath ?? "-"}",
        $"port={Port(client)}",
        $"helo={helo ?? "-"}",
        $"from={message.From ?? "-"}",
        $"fromargs={Joined(message.FromArguments)}",
        $"rcpts={Joined(message.Recipients)}",
        $"headers={message.Headers.ToString(CultureInfo.InvariantCulture)}",
        $"body={message.Body.ToString(CultureInfo.InvariantCulture)}",
        $"crc={message.Crc.ToString("x8", CultureInfo.InvariantCulture)}");

    private static string Family(ConnectInfo? client) => client?.Family switch
    {
        ClientFamily.Unix => "unix",
        ClientFamily.IPv4 => "inet",
        ClientFamily.IPv6 => "inet6",
        _ => "unknown",
    };

    private static string Port(ConnectInfo? client) => client?.Family is ClientFamily.IPv4 or ClientFamily.IPv6
        ? client.Port.ToString(CultureInfo.InvariantCulture)
        : "-";

    private static string Joined(IReadOnlyList<string> items) => items.Count == 0 ? "-" : string.Join(',', items);
}
