using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Milter.Auth;

/// <summary>Names as the DNS has them.</summary>
internal static class DnsNames
{
    /// <summary>The length of the longest name, written out (RFC 1035 section 3.1).</summary>
    public const int MaxLength = 253;
    private const int MaxLabel = 63;

    private static readonly IdnMapping s_idn = new() { AllowUnassigned = true };

    /// <summary>Gives a name as it is asked for: in lower case, in ASCII, without a final dot.</summary>
    /// <returns>The name; <see langword="null"/> for what can't be one: empty or overlong labels, overlong names, letters beyond ASCII that no domain has.</returns>
    public static string? Normal(string name)
    {
        string ascii = name.EndsWith('.') ? name[..^1] : name;
        if (!System.Text.Ascii.IsValid(ascii))
        {
            try
            {
                ascii = s_idn.GetAscii(ascii);
            }
            catch (ArgumentException)
            {
                return null;
            }
        }

        if (ascii.Length is 0 or > MaxLength)
        {
            return null;
        }

        int label = 0;
        foreach (char c in ascii)
        {
            if (c == '.' ? label == 0 : ++label > MaxLabel)
            {
                return null;
            }

            label = c == '.' ? 0 : label;
        }

        return label == 0 ? null : ascii.ToLowerInvariant();
    }

    /// <summary>Gives a domain of an address in normal form, if it is one that has mail: labels, at least two, no literal.</summary>
    public static string? Domain(string? name) =>
        name is { Length: > 0 } && name[0] != '[' && Normal(name) is { } normal && normal.Contains('.', StringComparison.Ordinal) ? normal : null;

    /// <summary>Says whether a name is a domain or below it. Both in normal form.</summary>
    public static bool IsWithin(string name, string domain) =>
        name.Length == domain.Length ? name == domain : name.EndsWith(domain, StringComparison.Ordinal) && name[^(domain.Length + 1)] == '.';

    /// <summary>Gives the name at which an address has its own name, without <c>in-addr.arpa</c> or <c>ip6.arpa</c>.</summary>
    public static string Reverse(IPAddress address)
    {
        byte[] bytes = Plain(address).GetAddressBytes();
        return bytes.Length == 4
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes[3]}.{bytes[2]}.{bytes[1]}.{bytes[0]}")
            : string.Join('.', Enumerable.Reverse(bytes).Select(static one => string.Create(CultureInfo.InvariantCulture, $"{one & 15:x}.{one >> 4:x}")));
    }

    /// <summary>Gives the name of the PTR records of an address.</summary>
    public static string Pointer(IPAddress address) =>
        Reverse(address) + (Plain(address).AddressFamily == AddressFamily.InterNetwork ? ".in-addr.arpa" : ".ip6.arpa");

    /// <summary>Gives the address itself of one that is an IPv4 address in the clothes of IPv6.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
