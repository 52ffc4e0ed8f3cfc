using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Quickstart;

/// <summary>Networks whose mail is not from outside.</summary>
/// <param name="networks">The networks in CIDR notation, or single addresses.</param>
/// <exception cref="FormatException">One is neither; the message says which and why.</exception>
internal sealed class TrustedNetworks(IEnumerable<string> networks)
{
    private readonly IPNetwork[] _networks = [.. networks.Select(Parse)];

    public bool Contains(IPAddress? address)
    {
        if (address is null)
        {
            return false;
        }

        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (IPNetwork network in _networks)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Says what is wrong with an entry.</summary>
    /// <returns><see langword="null"/> when nothing is.</returns>
    public static string? Check(string? text)
    {
        try
        {
            Parse(text);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    /// <remarks>
    /// Stricter than <see cref="IPNetwork.Parse(string)"/>, which reads <c>10/8</c> as <c>0.0.0.0/8</c> and, from .NET 10 on, takes <c>10.1.2.3/8</c>
    /// for <c>10.0.0.0/8</c>: who mistypes a network trusts the wrong people.
    /// </remarks>
    private static IPNetwork Parse(string? text)
    {
        string[] parts = (text ?? "").Trim().Split('/');
        if (parts.Length > 2 || !IPAddress.TryParse(parts[0], out IPAddress? address) || !IsWrittenOut(parts[0], address))
        {
            throw new FormatException($"\"{text}\" is no network. Write it as 192.0.2.0/24, 2001:db8::/32 or 192.0.2.7.");
        }

        int bits = 8 * address.GetAddressBytes().Length;
        int length = bits;
        if (parts.Length == 2 && (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > bits))
        {
            throw new FormatException($"\"{text}\" has no prefix length from 0 to {bits} after the slash.");
        }

        IPAddress start = FirstOf(address, length);
        return start.Equals(address)
            ? new IPNetwork(address, length)
            : throw new FormatException($"\"{text}\" has bits set beyond its prefix. Did you mean {start}/{length}, or {address} alone?");
    }

    /// <summary>Whether an IPv4 address has its four numbers, an IPv6 address no scope, and neither is mapped into the other.</summary>
    private static bool IsWrittenOut(string text, IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork
        ? text.Count('.') == 3
        : !text.Contains('%', StringComparison.Ordinal) && !text.Contains('[', StringComparison.Ordinal) && !address.IsIPv4MappedToIPv6;

    private static IPAddress FirstOf(IPAddress address, int length)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] &= (byte)(0xFF00 >> Math.Clamp(length - (8 * i), 0, 8));
        }

        return new IPAddress(bytes);
    }
}
