using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Milter.Policy;

namespace Milter.Tool;

/// <summary>What a postmaster writes for a client, and the key that the greylist has for it.</summary>
/// <param name="V4Length">How much of an IPv4 address is its network, by the filter's settings.</param>
/// <param name="V6Length">The same for IPv6.</param>
internal sealed record ClientText(int V4Length, int V6Length)
{
    /// <summary>Gives the key of an address, or of a network of the greylist's own length.</summary>
    /// <returns>The key; <see langword="null"/> where the text is neither.</returns>
    public string? KeyOf(string text) => TryRead(text, out IPAddress? address, out int length) && length == LengthOf(address) ? ClientKeys.NetworkOf(address, V4Length, V6Length) : null;

    /// <summary>Refuses a network of another length, which would never be looked for.</summary>
    /// <exception cref="ToolException">It is one.</exception>
    public void RefuseOther(string text)
    {
        if (TryRead(text, out IPAddress? address, out int length) && length != LengthOf(address))
        {
            throw new ToolException(ExitCode.Usage, $"\"{text}\" is no network of the greylist, which has a client's /{LengthOf(address)}: write an address, or put the network into Policy:Greylist:ExemptClients.");
        }
    }

    private bool TryRead(string text, [NotNullWhen(true)] out IPAddress? address, out int length)
    {
        string[] parts = text.Split('/');
        length = 0;
        if (parts.Length > 2 || !TryAddress(parts[0], out address))
        {
            address = null;
            return false;
        }

        length = LengthOf(address);
        return parts.Length == 1 || int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out length);
    }

    private int LengthOf(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6 ? V4Length : V6Length;

    // The platform takes 192.0.2 for 192.0.0.2, and 7 for 0.0.0.7.
    private static bool TryAddress(string text, [NotNullWhen(true)] out IPAddress? address) =>
        IPAddress.TryParse(text, out address) && (text.Contains(':', StringComparison.Ordinal) || text.Count(static c => c == '.') == 3);
}
