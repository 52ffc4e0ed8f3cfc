using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Milter.Policy;

/// <summary>Keys of clients.</summary>
internal static class ClientKeys
{
    /// <summary>Where the MTA told no address.</summary>
    public const string Unknown = "unknown";

    /// <summary>The network of an address, such as <c>192.0.2.0/24</c>.</summary>
    public static string NetworkOf(IPAddress? address, int v4Length, int v6Length)
    {
        if (address is null)
        {
            return Unknown;
        }

        Span<byte> bytes = stackalloc byte[16];
        _ = address.TryWriteBytes(bytes, out int written);
        bytes = address.IsIPv4MappedToIPv6 ? bytes[12..] : bytes[..written];
        int length = bytes.Length == 4 ? v4Length : v6Length;
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] &= (byte)(0xFF00 >> Math.Clamp(length - (8 * i), 0, 8));
        }

        return string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(bytes)}/{length}");
    }

    /// <summary>The domain of a verified host name: what stands behind its first label, where that is more than a top level such as <c>co.uk</c>.</summary>
    /// <returns><see langword="null"/> where there is no name, or one that looks as if it were given out by the day.</returns>
    public static string? DomainOf(string hostName, IPAddress? address)
    {
        string name = hostName.TrimEnd('.').ToLowerInvariant();
        if (!name.Contains('.', StringComparison.Ordinal) || name[0] == '[' || DynamicHostName.IsDynamic(name, address))
        {
            return null;
        }

        string[] labels = name.Split('.');
        bool isBelowRegistry = labels.Length == 2 || (labels.Length == 3 && labels[2].Length == 2 && labels[1].Length <= 3);
        return isBelowRegistry ? name : string.Join('.', labels[1..]);
    }
}
