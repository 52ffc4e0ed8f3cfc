using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Milter.Networks;

/// <summary>Addresses of one family from a first to a last one, as numbers whose upper bits are the address: one of IPv4 stands in the upper 32.</summary>
internal readonly record struct AddressRange(UInt128 First, UInt128 Last)
{
    /// <summary>Reads an address, a network or a range.</summary>
    /// <returns>What is wrong with it; <see langword="null"/> when nothing is.</returns>
    public static string? Parse(string? text, out AddressRange range, out bool isV6)
    {
        range = default;
        isV6 = false;
        string entry = (text ?? "").Trim();
        string[] ends = entry.Split('-');
        return ends.Length == 2 ? ParseEnds(entry, ends, out range, out isV6) : ParseNetwork(entry, out range, out isV6);
    }

    private static string? ParseEnds(string entry, string[] ends, out AddressRange range, out bool isV6)
    {
        range = default;
        isV6 = false;
        if (!TryRead(ends[0].Trim(), out IPAddress? first) || !TryRead(ends[1].Trim(), out IPAddress? last))
        {
            return $"\"{entry}\" is no range. Write both its addresses out: 192.0.2.10-192.0.2.20.";
        }

        if (first.AddressFamily != last.AddressFamily)
        {
            return $"\"{entry}\" is no range: one of its addresses is of IPv4 and one of IPv6.";
        }

        isV6 = first.AddressFamily == AddressFamily.InterNetworkV6;
        range = new AddressRange(NumberOf(first), NumberOf(last) | Below(BitsOf(first)));
        return range.First <= range.Last ? null : $"\"{entry}\" ends before it begins. Did you mean {last}-{first}?";
    }

    private static string? ParseNetwork(string entry, out AddressRange range, out bool isV6)
    {
        range = default;
        isV6 = false;
        string[] parts = entry.Split('/');
        if (parts.Length > 2 || !TryRead(parts[0], out IPAddress? address))
        {
            return $"\"{entry}\" is no network. Write it as 192.0.2.0/24, 2001:db8::/32, 192.0.2.7 or 192.0.2.10-192.0.2.20.";
        }

        isV6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        int bits = BitsOf(address);
        int length = bits;
        if (parts.Length == 2 && (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > bits))
        {
            return $"\"{entry}\" has no prefix length from 0 to {bits} after the slash.";
        }

        UInt128 rest = Below(length);
        UInt128 first = NumberOf(address);
        range = new AddressRange(first & ~rest, first | rest);
        return range.First == first ? null : $"\"{entry}\" has bits set beyond its prefix. Did you mean {AddressOf(range.First, isV6)}/{length}, or {address} alone?";
    }

    /// <remarks>
    /// Stricter than <see cref="IPAddress.TryParse(string?, out IPAddress?)"/>, which takes <c>10</c> for <c>0.0.0.10</c>: an IPv4 address has its four numbers, without
    /// leading zeros that some read as octal; an IPv6 address has no scope and no brackets, and neither is mapped into the other.
    /// </remarks>
    private static bool TryRead(string text, out IPAddress address)
    {
        bool isRead = IPAddress.TryParse(text, out IPAddress? parsed) && (parsed.AddressFamily == AddressFamily.InterNetwork
            ? parsed.ToString() == text
            : !text.Contains('%', StringComparison.Ordinal) && !text.Contains('[', StringComparison.Ordinal) && !parsed.IsIPv4MappedToIPv6);
        address = parsed ?? IPAddress.None;
        return isRead;
    }

    /// <summary>All bits below the upper ones; a shift by 128 would be one by 0.</summary>
    private static UInt128 Below(int upperBits) => upperBits == 128 ? UInt128.Zero : UInt128.MaxValue >> upperBits;

    private static int BitsOf(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;

    private static UInt128 NumberOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        _ = address.TryWriteBytes(bytes, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private static IPAddress AddressOf(UInt128 number, bool isV6)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new IPAddress(isV6 ? bytes : bytes[..4]);
    }
}
