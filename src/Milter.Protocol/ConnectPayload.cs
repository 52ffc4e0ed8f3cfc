using System.Buffers.Binary;

namespace Milter.Protocol;

/// <summary>The SMTP client (<c>SMFIC_CONNECT</c>): host name NUL, family, and for all but <see cref="ClientFamily.Unknown"/> a port and an address NUL.</summary>
public readonly ref struct ConnectPayload
{
    private ConnectPayload(ReadOnlySpan<byte> hostName, ClientFamily family, ushort port, ReadOnlySpan<byte> address)
    {
        HostName = hostName;
        Family = family;
        Port = port;
        Address = address;
    }

    /// <summary>Gets the client's verified name, or its address in brackets, or <c>unknown</c>.</summary>
    public ReadOnlySpan<byte> HostName { get; }

    /// <summary>Gets the kind of <see cref="Address"/>; always a defined value.</summary>
    public ClientFamily Family { get; }

    /// <summary>Gets the client's port; 0 when it is not known.</summary>
    public ushort Port { get; }

    /// <summary>Gets the address as on the wire: text, from Sendmail with <c>IPv6:</c> before an IPv6 address; empty for <see cref="ClientFamily.Unknown"/>. Not checked to be an address.</summary>
    public ReadOnlySpan<byte> Address { get; }

    /// <summary>Gets <see cref="Address"/> without <c>IPv6:</c>, which is recognized in any case as libmilter does.</summary>
    public ReadOnlySpan<byte> PlainAddress =>
        Family == ClientFamily.IPv6 && HasPrefix(Address) ? Address["IPv6:".Length..] : Address;

    /// <summary>Reads a CONNECT.</summary>
    /// <remarks>
    /// Lenient where the meaning is clear: a missing NUL at the very end, and bytes after <see cref="ClientFamily.Unknown"/>
    /// or after the address, are tolerated.
    /// </remarks>
    /// <param name="payload">The payload of a CONNECT frame.</param>
    /// <param name="value">What was read.</param>
    /// <param name="error">What is wrong, in words for a log; <see langword="null"/> when all is well.</param>
    /// <returns><see langword="false"/> when host name, family, port or address is missing, or the family is none of the four.</returns>
    public static bool TryRead(ReadOnlySpan<byte> payload, out ConnectPayload value, out string? error)
    {
        value = default;
        int nul = payload.IndexOf((byte)0);
        if (nul < 0)
        {
            error = "CONNECT has no NUL after the host name";
            return false;
        }

        ReadOnlySpan<byte> host = payload[..nul];
        ReadOnlySpan<byte> rest = payload[(nul + 1)..];
        if (rest.IsEmpty)
        {
            error = "CONNECT ends before the address family";
            return false;
        }

        var family = (ClientFamily)rest[0];
        rest = rest[1..];
        switch (family)
        {
            case ClientFamily.Unknown:
                value = new ConnectPayload(host, family, 0, default);
                error = null;
                return true;
            case ClientFamily.Unix or ClientFamily.IPv4 or ClientFamily.IPv6:
                break;
            default:
                error = "CONNECT has an address family other than U, L, 4 and 6";
                return false;
        }

        if (rest.Length <= sizeof(ushort))
        {
            error = "CONNECT ends before the address";
            return false;
        }

        ushort port = BinaryPrimitives.ReadUInt16BigEndian(rest);
        rest = rest[sizeof(ushort)..];
        value = new ConnectPayload(host, family, port, NulStrings.Take(ref rest));
        error = null;
        return true;
    }

    private static bool HasPrefix(ReadOnlySpan<byte> address) =>
        address.Length >= 5
        && (address[0] | 0x20) == 'i' && (address[1] | 0x20) == 'p' && (address[2] | 0x20) == 'v'
        && address[3] == '6' && address[4] == ':';
}
