using Milter.Protocol;

namespace Milter.Message;

/// <summary>What is known of the SMTP session: its client, its HELO name, the macros; and of the connection that carries it.</summary>
/// <param name="macroNames">The names of the macros that handlers take, by slot.</param>
/// <param name="connectionId">The connection's name.</param>
/// <param name="peer">The MTA's end of the connection; its text is asked for when somebody wants it.</param>
/// <param name="endPoint">Where the milter listens, in words.</param>
internal sealed class SessionFacts(byte[][] macroNames, string connectionId, object peer, string endPoint)
{
    private SessionTerms _terms = new(0, 0, 0, 0);
    private ConnectInfo _connect = new();
    private byte[] _helo = [];
    private int _heloLength;
    private bool _hasConnect;

    public string ConnectionId => connectionId;

    public string Peer => peer.ToString() ?? "unknown";

    public string EndPoint => endPoint;

    /// <summary>Gets what was agreed on; looked at with every frame.</summary>
    public ref readonly SessionTerms Terms => ref _terms;

    public MacroTable Macros { get; private init; } = new();

    public ConnectInfo? Connect => _hasConnect ? _connect : null;

    public bool HasHelo { get; private set; }

    public ReadOnlyMemory<byte> Helo => _helo.AsMemory(0, _heloLength);

    public void Agree(in SessionTerms terms) => _terms = terms;

    public void SetConnect(in ConnectPayload payload)
    {
        _connect.Set(payload);
        _hasConnect = true;
    }

    public void SetHelo(ReadOnlySpan<byte> name)
    {
        if (_helo.Length < name.Length)
        {
            // As long as it is: nearly all say the same name again.
            _helo = new byte[name.Length];
        }

        name.CopyTo(_helo);
        _heloLength = name.Length;
        HasHelo = true;
    }

    /// <summary>Gets the latest queue id that the MTA has told, or <see langword="null"/>.</summary>
    public string? QueueId => Text("i"u8);

    public ReadOnlySpan<byte> Macro(int slot, out bool found) => Macros.Find(macroNames[slot], out found);

    public string? Text(ReadOnlySpan<byte> macro)
    {
        ReadOnlySpan<byte> value = Macros.Find(macro, out bool found);
        return found ? WireText.GetString(value) : null;
    }

    public Authentication? Authentication() => Text("auth_authen"u8) is { Length: > 0 } identity
        ? new Authentication(identity, Text("auth_type"u8), Text("auth_author"u8), Text("auth_ssf"u8))
        : null;

    public TlsInfo? Tls() => Text("tls_version"u8) is { Length: > 0 } version
        ? new TlsInfo(version, Text("cipher"u8), Text("cipher_bits"u8), Text("cert_subject"u8), Text("cert_issuer"u8), Text("verify"u8))
        : null;

    /// <summary>
    /// Says whether this is a message that did not come by SMTP: Postfix's cleanup then makes up a client, and takes a refused
    /// recipient for a fault of its configuration.
    /// </summary>
    /// <param name="sender">The sender as MAIL had it.</param>
    public bool IsNonSmtp(ReadOnlySpan<byte> sender) =>
        sender is not [(byte)'<', ..]
        && Connect is { Port: 0, HostName: "localhost", IsLocal: true, Family: ClientFamily.IPv4 or ClientFamily.IPv6 }
        && Helo.Span.SequenceEqual("localhost"u8);

    /// <summary>Makes facts that go on alone: those before stay as they are, with whoever still looks at them.</summary>
    public SessionFacts Copy()
    {
        var copy = new SessionFacts(macroNames, connectionId, peer, endPoint) { _terms = _terms, Macros = Macros.Copy(), _connect = _connect.Copy(), _hasConnect = _hasConnect };
        if (HasHelo)
        {
            copy.SetHelo(Helo.Span);
        }

        return copy;
    }

    public void EndSession()
    {
        _connect.Clear();
        _hasConnect = false;
        HasHelo = false;
        _heloLength = 0;
        Macros.EndSession();
    }
}
