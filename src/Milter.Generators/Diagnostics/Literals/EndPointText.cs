namespace Milter.Generators.Diagnostics;

/// <summary>What can't be an endpoint whatever else it is; the rest the runtime says when it starts.</summary>
internal static class EndPointText
{
    private const string Spellings = "write inet:port@host, inet:host:port, inet6:port@host, unix:/path or systemd";

    public static string? WhyNone(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return "it is empty; " + Spellings;
        }

        int colon = text.IndexOf(':');
        string scheme = (colon < 0 ? text : text.Substring(0, colon)).ToLowerInvariant(), rest = colon < 0 ? "" : text.Substring(colon + 1);
        return scheme switch
        {
            "systemd" => colon >= 0 && rest.Length == 0 ? "the name after the colon is missing" : null,
            "unix" or "local" when colon >= 0 => rest.Length == 0 ? "the path is missing" : null,
            "fd" when colon >= 0 => rest.Length > 0 && rest.All(IsDigit) ? null : "a file descriptor is a number",
            "inet" or "inet6" when colon >= 0 => WhyNoPort(rest),
            _ when text[0] is '/' or '.' => $"a path needs a scheme; write unix:{text}",
            _ => "it has no scheme; " + Spellings,
        };
    }

    private static string? WhyNoPort(string rest)
    {
        int at = rest.IndexOf('@');
        if (rest.Length > 0 && rest[0] == '[')
        {
            int end = rest.IndexOf("]:", StringComparison.Ordinal);
            return end < 0 ? "after an address in brackets comes a colon and the port" : WhyNoNumber(rest.Substring(end + 2));
        }

        if (at >= 0)
        {
            return at + 1 == rest.Length ? "the host after the @ is missing" : WhyNoNumber(rest.Substring(0, at));
        }

        int colon = rest.LastIndexOf(':');
        return colon != rest.IndexOf(':') ? "an IPv6 address before a port has to stand in brackets" : WhyNoNumber(rest.Substring(colon + 1));
    }

    private static string? WhyNoNumber(string port) => port.Length > 0 && port.All(IsDigit)
        ? port.TrimStart('0').Length > 5 || int.Parse(port, System.Globalization.CultureInfo.InvariantCulture) > 65535 ? $"port {port} is not from 0 to 65535" : null
        : port.Length == 0 ? "the port is missing" : $"the port \"{port}\" is not a number; with a host, write port@host";

    private static bool IsDigit(char c) => c is >= '0' and <= '9';
}
