using System.Net;
using Milter.Client;

namespace Milter.Testing;

/// <summary>The SMTP client of a test, and what its session is like.</summary>
public sealed class TestClient
{
    private readonly List<Action<SmtpSession>> _setUp = [];
    private readonly SmtpClientInfo _client;

    private TestClient(SmtpClientInfo client) => _client = client;

    /// <summary>Gets the client of tests that name none: <c>client.example.test</c> at 192.0.2.7, without TLS and login.</summary>
    public static TestClient Default => At("192.0.2.7", "client.example.test");

    /// <summary>Makes a client.</summary>
    /// <param name="address">Its IPv4 or IPv6 address.</param>
    /// <param name="hostName">Its verified name; <see langword="null"/> for none.</param>
    /// <returns>The client.</returns>
    public static TestClient At(string address, string? hostName = null) => new(SmtpClientInfo.At(address, hostName, port: 43826));

    /// <summary>Makes a program on the MTA's machine that hands messages over without SMTP, as <c>sendmail(1)</c> does.</summary>
    /// <returns>The client.</returns>
    public static TestClient Local() => new TestClient(new SmtpClientInfo { HostName = "localhost", Address = IPAddress.Loopback }).With(session => session.Origin = MailOrigin.Local).Helo("localhost");

    /// <summary>Makes a client of which the MTA knows nothing.</summary>
    /// <returns>The client.</returns>
    public static TestClient Unknown() => new(new SmtpClientInfo());

    /// <summary>Sets what it calls itself in HELO.</summary>
    /// <param name="name">The name.</param>
    /// <returns>This client.</returns>
    public TestClient Helo(string name) => With(session => session.HeloName = name);

    /// <summary>Logs it in (AUTH).</summary>
    /// <param name="identity">Who it is.</param>
    /// <param name="mechanism">The SASL mechanism.</param>
    /// <returns>This client.</returns>
    public TestClient Login(string identity, string mechanism = "PLAIN") => With(session => session.Login = new SmtpLogin(identity, mechanism));

    /// <summary>Encrypts its session (STARTTLS).</summary>
    /// <param name="tls">How; <see langword="null"/> for TLS 1.3 without a certificate.</param>
    /// <returns>This client.</returns>
    public TestClient Tls(SmtpTls? tls = null) => With(session => session.Tls = tls ?? new SmtpTls());

    /// <summary>Sets a macro of the session; <see langword="null"/> hides one.</summary>
    /// <remarks>It is sent where the filter has asked for it, or the MTA sends it by default.</remarks>
    /// <param name="name">Its name, with or without braces.</param>
    /// <param name="value">Its value.</param>
    /// <returns>This client.</returns>
    public TestClient Macro(string name, string? value) => With(session => session.Macros[name] = value);

    /// <summary>Sets anything else of the session.</summary>
    /// <param name="setUp">What to do with it.</param>
    /// <returns>This client.</returns>
    public TestClient With(Action<SmtpSession> setUp)
    {
        _setUp.Add(setUp);
        return this;
    }

    internal SmtpSession ToSession()
    {
        var session = new SmtpSession(_client)
        {
            HeloName = _client.HostName ?? "client.example.test",
            ServerName = "mx.example.test",
            ServerAddress = IPAddress.Parse("192.0.2.25"),
        };
        _setUp.ForEach(setUp => setUp(session));
        return session;
    }
}
