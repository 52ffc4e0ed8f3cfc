using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Milter.Policy;

/// <summary>Says whether a client's host name looks as if its address were given out by the day: a line at home, which is no mail server.</summary>
/// <remarks>
/// A guess from the name's form, for a policy to weigh and not to refuse by: it holds the client's address (its numbers in either order, with or without zeros, in hexadecimal), or words such as
/// <c>dynamic</c>, <c>dialup</c>, <c>dsl</c> beside a number. A client without a verified name counts as dynamic.
/// </remarks>
public static partial class DynamicHostName
{
    /// <summary>Says whether a name looks dynamic.</summary>
    /// <param name="hostName">The client's host name, as <see cref="ConnectInfo.HostName"/> has it.</param>
    /// <param name="address">The client's address; <see langword="null"/> to go by the name alone.</param>
    /// <returns>Whether it does.</returns>
    public static bool IsDynamic(string? hostName, IPAddress? address)
    {
        if (string.IsNullOrEmpty(hostName) || hostName[0] == '[' || hostName.Equals("unknown", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        string name = hostName.ToLowerInvariant();
        if (Words().IsMatch(name))
        {
            return true;
        }

        address = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        return address?.AddressFamily switch
        {
            AddressFamily.InterNetwork => HasAddress(name, address.GetAddressBytes()),
            AddressFamily.InterNetworkV6 => HasDigits(name, address.GetAddressBytes()),
            _ => false,
        };
    }

    /// <summary>Three of the four numbers side by side, in either order, or the last two beside a first label of numbers alone; or all of it in hexadecimal or decimal digits.</summary>
    private static bool HasAddress(string name, byte[] address)
    {
        int[] numbers = [.. Numbers().Matches(name).Select(static match => int.Parse(match.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture))];
        int[] forward = [.. address.Select(static part => (int)part)];
        int[] backward = [.. Enumerable.Reverse(forward)];
        if (Holds(numbers, forward[..3]) || Holds(numbers, forward[1..]) || Holds(numbers, backward[..3]) || Holds(numbers, backward[1..]))
        {
            return true;
        }

        string padded = string.Concat(forward.Select(static part => part.ToString("D3", CultureInfo.InvariantCulture)));
        return name.Contains(Convert.ToHexString(address), StringComparison.OrdinalIgnoreCase)
            || name.Contains(padded, StringComparison.Ordinal)
            || (Holds(numbers, forward[2..]) || Holds(numbers, backward[..2])) && FirstLabelOfNumbers().IsMatch(name);
    }

    /// <summary>The lower half of an IPv6 address in hexadecimal digits, separated or not.</summary>
    private static bool HasDigits(string name, byte[] address) =>
        name.Replace("-", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal).Contains(Convert.ToHexString(address.AsSpan(8)), StringComparison.OrdinalIgnoreCase);

    private static bool Holds(int[] numbers, int[] part)
    {
        for (int i = 0; i + part.Length <= numbers.Length; i++)
        {
            if (numbers.AsSpan(i, part.Length).SequenceEqual(part))
            {
                return true;
            }
        }

        return false;
    }

    [GeneratedRegex("[0-9]{1,3}(?![0-9])(?<![0-9]{4})")]
    private static partial Regex Numbers();

    [GeneratedRegex("^[a-z]{0,6}[-.]?[0-9]+[-.][0-9]")]
    private static partial Regex FirstLabelOfNumbers();

    // Words of access lines: alone as a label, or in a label that has a digit as well.
    [GeneratedRegex(@"(^|[.-])(dyn|dynamic|dynip|dialup|dial-up|dhcp|ppp|adsl|xdsl|cable|no-reverse|noreverse)\d*([.-]|$)|(^|[.-])(dsl|pool|pools|cust|customer|user|host|client|broadband)-?\d+[.-]|\d[.-](dsl|pool|pools|dynamic|broadband|res|cust)[.-]")]
    private static partial Regex Words();
}
