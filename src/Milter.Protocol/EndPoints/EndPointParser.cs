using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Milter;

/// <summary>The grammar of <see cref="MilterEndPoint"/>, and what to say about text that is not of it.</summary>
internal static class EndPointParser
{
    public const string Spellings =
        "inet:port@host, inet:port (all interfaces), inet:host:port, inet6:port@host, inet6:port, inet6:[address]:port, unix:/path, local:/path, fd:N, systemd or systemd:name";

    public static bool TryParse(string text, [NotNullWhen(true)] out MilterEndPoint? endPoint, [NotNullWhen(false)] out string? error)
    {
        string? wrong = Read(text, out endPoint);
        endPoint = wrong is null ? endPoint : null;
        error = wrong is null ? null : $"\"{text}\" is no endpoint: {wrong}. Allowed are {Spellings}.";
        return endPoint is not null;
    }

    /// <returns>What is wrong, or <see langword="null"/>.</returns>
    private static string? Read(string text, out MilterEndPoint? endPoint)
    {
        endPoint = null;
        if (string.IsNullOrWhiteSpace(text))
        {
            return "it is empty";
        }

        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string scheme = colon < 0 ? text : text[..colon];
        string rest = colon < 0 ? "" : text[(colon + 1)..];
        switch (scheme.ToLowerInvariant())
        {
            case "systemd":
                endPoint = MilterEndPoint.Activated(colon < 0 ? null : rest);
                return colon >= 0 && rest.Length == 0 ? "the name after \"systemd:\" is missing; for the only socket write systemd" : null;
            case "inet" when colon >= 0:
                return ReadTcp(MilterEndPointKind.Inet, rest, out endPoint);
            case "inet6" when colon >= 0:
                return ReadTcp(MilterEndPointKind.Inet6, rest, out endPoint);
            case "unix" or "local" when colon >= 0:
                endPoint = MilterEndPoint.Unix(rest);
                return rest.Length == 0 ? "the path is missing" : rest.Contains('\0', StringComparison.Ordinal) ? "the path has a NUL in it" : null;
            case "fd" when colon >= 0:
                bool isNumber = int.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out int descriptor);
                endPoint = isNumber ? MilterEndPoint.Inherited(descriptor) : null;
                return isNumber ? null : $"\"{rest}\" is not the number of a file descriptor";
            default:
                return NoScheme(text, scheme, colon >= 0);
        }
    }

    private static string NoScheme(string text, string scheme, bool hasColon)
    {
        if (text[0] is '/' or '.')
        {
            return $"a path needs a scheme; write unix:{text}";
        }

        string? meant = Read("inet:" + text, out _) is null ? "; write inet:" + text : null;
        bool looksLikeScheme = hasColon && scheme.Length > 0 && scheme.All(char.IsAsciiLetterOrDigit);
        return (looksLikeScheme, meant) switch
        {
            (true, null) => $"there is no scheme \"{scheme}\"",
            (true, _) when scheme.Any(char.IsAsciiLetter) && !scheme.Equals("localhost", StringComparison.OrdinalIgnoreCase) => $"there is no scheme \"{scheme}\"; if that is a host, write inet:{text}",
            _ => "it has no scheme" + meant,
        };
    }

    private static string? ReadTcp(MilterEndPointKind kind, string rest, out MilterEndPoint? endPoint)
    {
        endPoint = null;
        int at = rest.IndexOf('@', StringComparison.Ordinal);
        string? host;
        string portText;
        if (at >= 0)
        {
            (portText, host) = (rest[..at], rest[(at + 1)..]);
            if (portText.Contains(':', StringComparison.Ordinal))
            {
                return $"the port stands before \"@\" in libmilter's order and after \":\" in Postfix's; \"{rest}\" mixes them";
            }
        }
        else if (rest.StartsWith('['))
        {
            int end = rest.IndexOf("]:", StringComparison.Ordinal);
            if (end < 0)
            {
                return "after an address in brackets comes \":\" and the port";
            }

            // Postfix has one scheme for both families.
            (host, portText) = (rest[..(end + 1)], rest[(end + 2)..]);
            kind = host.Contains(':', StringComparison.Ordinal) ? MilterEndPointKind.Inet6 : kind;
        }
        else
        {
            int colon = rest.IndexOf(':', StringComparison.Ordinal);
            if (colon != rest.LastIndexOf(':'))
            {
                return "an IPv6 address before a port has to stand in brackets";
            }

            (host, portText) = colon < 0 ? (null, rest) : (rest[..colon], rest[(colon + 1)..]);
            if (host is { Length: > 0 } && host.All(char.IsAsciiDigit))
            {
                return $"\"{host}\" and \"{portText}\" could both be the port; write port@host";
            }
        }

        string? wrong = ReadPort(portText, host is null, out int port) ?? ReadHost(kind, ref host, port);
        endPoint = wrong is null ? MilterEndPoint.Tcp(kind, host, port) : null;
        return wrong;
    }

    private static string? ReadPort(string text, bool isAlone, out int port)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= ushort.MaxValue)
        {
            return null;
        }

        if (text.Length > 0 && text.All(char.IsAsciiDigit))
        {
            return $"port {text} is not from 1 to 65535 (0 takes any free port)";
        }

        return text.Length == 0 ? "the port is missing"
            : isAlone ? $"\"{text}\" is no port; with a host, write port@host"
            : $"the port \"{text}\" is not a number (service names are not looked up)";
    }

    private static string? ReadHost(MilterEndPointKind kind, ref string? host, int port)
    {
        if (host is null)
        {
            return null;
        }

        string name = host;
        bool isBracketed = name is ['[', .., ']'];
        if (isBracketed)
        {
            name = name[1..^1];
            name = name.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase) ? name[5..] : name;
        }

        if (name.Length == 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"the host is missing; for all interfaces write {Scheme(kind)}:{port}");
        }

        host = name;
        if (IPAddress.TryParse(name, out IPAddress? address) && (address.AddressFamily == AddressFamily.InterNetworkV6 || name.Count(c => c == '.') == 3))
        {
            bool isSix = address.AddressFamily == AddressFamily.InterNetworkV6;
            return isSix == (kind == MilterEndPointKind.Inet6) ? null
                : string.Create(CultureInfo.InvariantCulture, $"{name} is an {(isSix ? "IPv6" : "IPv4")} address; write {(isSix ? "inet6" : "inet")}:{port}@{name}");
        }

        if (isBracketed)
        {
            return $"\"{name}\" is no address";
        }

        return name.All(c => char.IsAsciiDigit(c) || c == '.') ? $"\"{name}\" is neither an address nor a name"
            : name.All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_') ? null
            : $"\"{name}\" is no host name";
    }

    private static string Scheme(MilterEndPointKind kind) => kind == MilterEndPointKind.Inet6 ? "inet6" : "inet";
}
