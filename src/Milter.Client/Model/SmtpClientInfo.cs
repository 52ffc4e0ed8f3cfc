using System.Net;

namespace Milter.Client;

/// <summary>The SMTP client, as an MTA knows it: what CONNECT says and some macros repeat.</summary>
public sealed record SmtpClientInfo
{
    /// <summary>Gets the address; <see langword="null"/> when it is not known, or when the client is a process on this machine.</summary>
    /// <remarks>An IPv4 address in IPv6's clothes (<c>::ffff:192.0.2.1</c>) is sent as IPv4, as MTAs do.</remarks>
    public IPAddress? Address { get; init; }

    /// <summary>Gets the port, 0 when it is not known.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not from 0 to 65535.</exception>
    public int Port
    {
        get;
        init => field = value is >= IPEndPoint.MinPort and <= IPEndPoint.MaxPort ? value : throw new ArgumentOutOfRangeException(nameof(Port), value, "A port is from 1 to 65535, or 0 where it is not known.");
    }

    /// <summary>Gets the path of the client's Unix socket, for a client without address.</summary>
    public string? UnixPath { get; init; }

    /// <summary>Gets the host name, verified: it resolves back to the address. <see langword="null"/> when there is none.</summary>
    public string? HostName { get; init; }

    /// <summary>Gets the name that the address resolves to, verified or not (<c>{client_ptr}</c>).</summary>
    /// <value>That of <see cref="HostName"/> unless set.</value>
    public string? ReverseName
    {
        get => field ?? HostName;
        init;
    }

    /// <summary>Gets a client known by its address alone.</summary>
    /// <param name="address">Such as <c>192.0.2.7</c> or <c>2001:db8::25</c>.</param>
    /// <param name="hostName">Its verified name, if it has one.</param>
    /// <param name="port">Its port.</param>
    /// <returns>The client.</returns>
    public static SmtpClientInfo At(string address, string? hostName = null, int port = 0) =>
        new() { Address = IPAddress.Parse(address), HostName = hostName, Port = port };

    /// <summary>Gets the address as it is spoken of: IPv4 where it is mapped.</summary>
    internal IPAddress? PlainAddress => Address is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : Address;
}
