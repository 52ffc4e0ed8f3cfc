using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Milter.Message;
using Milter.Protocol;

namespace Milter;

/// <summary>The SMTP client, as the MTA told it at CONNECT (<c>SMFIC_CONNECT</c>, libmilter's <c>xxfi_connect</c>).</summary>
/// <remarks>
/// Valid until the SMTP session ends, at every stage; afterwards its members throw. A parameter <c>ConnectInfo?</c> is <see langword="null"/> where
/// the MTA sent no CONNECT (some local submissions, Stalwart).
/// </remarks>
public sealed class ConnectInfo
{
    private static readonly SearchValues<byte> s_ipv4Bytes = SearchValues.Create("0123456789."u8);

    // Host name and address, and no more: there are as many as connections. From the heap and not from a pool, so that who reads late reads nothing of another connection.
    private byte[] _text = [];
    private int _hostLength;
    private int _addressLength;
    private ClientFamily _family = ClientFamily.Unknown;
    private int _port;
    private bool _live;
    private string? _hostText;
    private IPAddress? _parsed;
    private bool _isParsed;

    internal ConnectInfo()
    {
    }

    /// <summary>Gets what stands for a client of which the MTA told nothing: host name <c>unknown</c>, no address, not local.</summary>
    public static ConnectInfo Unknown { get; } = MakeUnknown();

    /// <summary>Gets the client's host name.</summary>
    /// <value>The name that the MTA verified; the address in brackets where it has none (<c>[192.0.2.1]</c>); <c>unknown</c> or <c>localhost</c> where the MTA says so.</value>
    /// <exception cref="InvalidOperationException">The session has ended.</exception>
    public string HostName => _hostText ??= WireText.GetString(HostNameBytes);

    /// <summary>Gets <see cref="HostName"/> as it was sent.</summary>
    /// <exception cref="InvalidOperationException">The session has ended.</exception>
    public ReadOnlySpan<byte> HostNameBytes
    {
        get
        {
            ThrowIfLate();
            return _text.AsSpan(0, _hostLength);
        }
    }

    /// <summary>Gets the kind of address (<c>SMFIA_*</c>).</summary>
    /// <exception cref="InvalidOperationException">The session has ended.</exception>
    public ClientFamily Family
    {
        get
        {
            ThrowIfLate();
            return _family;
        }
    }

    /// <summary>Gets the IP address.</summary>
    /// <value><see langword="null"/> for unix sockets, for unknown clients and where the text is no address of its <see cref="Family"/>.</value>
    /// <remarks>Sendmail's prefix <c>IPv6:</c> is removed. An IPv4 address that is mapped into IPv6 stays as it was sent; both MTAs send such clients as IPv4.</remarks>
    /// <exception cref="InvalidOperationException">The session has ended.</exception>
    public IPAddress? Address
    {
        get
        {
            ThrowIfLate();
            if (!_isParsed)
            {
                _parsed = Parse(AddressText, _family);
                _isParsed = true;
            }

            return _parsed;
        }
    }

    /// <summary>Gets the address as it was sent, without Sendmail's prefix <c>IPv6:</c>; a path for unix sockets, empty for unknown clients.</summary>
    /// <exception cref="InvalidOperationException">The session has ended.</exception>
    public ReadOnlySpan<byte> AddressBytes
    {
        get
        {
            ThrowIfLate();
            return AddressText;
        }
    }

    /// <summary>Gets the client's TCP port.</summary>
    /// <value>0 where it is not known, and for unix sockets.</value>
    /// <exception cref="InvalidOperationException">The session has ended.</exception>
    public int Port
    {
        get
        {
            ThrowIfLate();
            return _port;
        }
    }

    /// <summary>Gets the path of the client's unix socket.</summary>
    /// <value><see langword="null"/> for other families.</value>
    /// <exception cref="InvalidOperationException">The session has ended.</exception>
    public string? SocketPath => Family == ClientFamily.Unix ? WireText.GetString(AddressText) : null;

    /// <summary>Gets a value indicating whether the client is on the MTA's own machine.</summary>
    /// <value>
    /// <see langword="true"/> for a unix socket, for a loopback address (127.0.0.0/8, ::1, and 127.0.0.0/8 mapped into IPv6), and for an unknown
    /// address with the host name <c>localhost</c>, which is how Sendmail tells of local submission. A name alone proves nothing otherwise.
    /// </value>
    /// <exception cref="InvalidOperationException">The session has ended.</exception>
    public bool IsLocal => Family switch
    {
        ClientFamily.Unix => true,
        ClientFamily.Unknown => Ascii.EqualsIgnoreCase(HostNameBytes, "localhost"u8),
        _ => Address is { } address && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address),
    };

    private ReadOnlySpan<byte> AddressText => _text.AsSpan(_hostLength, _addressLength);

    /// <summary>Says host name and address, for logs.</summary>
    /// <returns>Such as <c>mail.example.org [192.0.2.1]</c>; <c>(ended)</c> after the session.</returns>
    public override string ToString() => !_live ? "(ended)"
        : _addressLength == 0 ? HostName
        : $"{HostName} [{WireText.GetString(AddressText)}]";

    internal void Set(in ConnectPayload payload)
    {
        Clear();
        Keep(payload.HostName, payload.PlainAddress);
        _family = payload.Family;
        _port = payload.Family == ClientFamily.Unix ? 0 : payload.Port;
        _live = true;
    }

    internal void Clear()
    {
        _live = false;
        (_hostLength, _addressLength) = (0, 0);
        _family = ClientFamily.Unknown;
        _port = 0;
        _hostText = null;
        _parsed = null;
        _isParsed = false;
    }

    /// <summary>Makes another of the same, which goes on alone.</summary>
    internal ConnectInfo Copy()
    {
        var copy = new ConnectInfo { _family = _family, _port = _port, _live = _live };
        copy.Keep(_text.AsSpan(0, _hostLength), AddressText);
        return copy;
    }

    private void Keep(ReadOnlySpan<byte> hostName, ReadOnlySpan<byte> address)
    {
        if (_text.Length < hostName.Length + address.Length)
        {
            _text = new byte[hostName.Length + address.Length];
        }

        hostName.CopyTo(_text);
        address.CopyTo(_text.AsSpan(hostName.Length));
        (_hostLength, _addressLength) = (hostName.Length, address.Length);
    }

    private static ConnectInfo MakeUnknown()
    {
        var unknown = new ConnectInfo { _live = true };
        unknown.Keep("unknown"u8, default);
        return unknown;
    }

    private static IPAddress? Parse(ReadOnlySpan<byte> text, ClientFamily family)
    {
        // The longest is an IPv6 address with an IPv4 tail and a scope; the framework's parser would also take "1" and "0x7f.1" for IPv4, and brackets.
        if (text.IsEmpty || text.Length > 128 || text[0] == '['
            || (family == ClientFamily.IPv4 && (text.Count((byte)'.') != 3 || text.IndexOfAnyExcept(s_ipv4Bytes) >= 0)))
        {
            return null;
        }

        AddressFamily wanted = family switch
        {
            ClientFamily.IPv4 => AddressFamily.InterNetwork,
            ClientFamily.IPv6 => AddressFamily.InterNetworkV6,
            _ => AddressFamily.Unspecified,
        };
        Span<char> chars = stackalloc char[text.Length];
        return Ascii.ToUtf16(text, chars, out int written) == OperationStatus.Done
            && IPAddress.TryParse(chars[..written], out IPAddress? address)
            && address.AddressFamily == wanted ? address : null;
    }

    private void ThrowIfLate() => Late.ThrowUnless(_live, nameof(ConnectInfo), "the SMTP session ends");
}
