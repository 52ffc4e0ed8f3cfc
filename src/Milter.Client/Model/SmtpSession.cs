using System.Net;

namespace Milter.Client;

/// <summary>What an MTA knows of one SMTP session. Change it as the session goes on: each step sends what holds then.</summary>
public sealed class SmtpSession
{
    /// <summary>Makes a session.</summary>
    /// <param name="client">The client.</param>
    public SmtpSession(SmtpClientInfo client)
    {
        ArgumentNullException.ThrowIfNull(client);
        Client = client;
    }

    /// <summary>Gets the client.</summary>
    public SmtpClientInfo Client { get; }

    /// <summary>Gets or sets what the client calls itself in HELO or EHLO.</summary>
    public string? HeloName { get; set; }

    /// <summary>Gets or sets the encryption; <see langword="null"/> for none.</summary>
    public SmtpTls? Tls { get; set; }

    /// <summary>Gets or sets the login; <see langword="null"/> for none.</summary>
    public SmtpLogin? Login { get; set; }

    /// <summary>Gets or sets how messages come in.</summary>
    public MailOrigin Origin { get; set; }

    /// <summary>Gets or sets the MTA's own name (<c>j</c>).</summary>
    /// <value>This machine's name by default.</value>
    public string ServerName { get; set; } = Dns.GetHostName();

    /// <summary>Gets or sets the listener's name (<c>{daemon_name}</c>); <see langword="null"/> for what the MTA has by default.</summary>
    public string? DaemonName { get; set; }

    /// <summary>Gets or sets the address that the client has connected to (<c>{daemon_addr}</c>, <c>{if_addr}</c>).</summary>
    public IPAddress? ServerAddress { get; set; }

    /// <summary>Gets or sets the port that the client has connected to (<c>{daemon_port}</c>).</summary>
    public int ServerPort { get; set; } = 25;

    /// <summary>Gets or sets the MTA's software (<c>v</c>); <see langword="null"/> for what the personality says.</summary>
    public string? Software { get; set; }

    /// <summary>Gets or sets the queue id that the next message will have; Sendmail tells it at CONNECT and HELO to filters that ask for macro <c>i</c> there.</summary>
    public string? NextQueueId { get; set; }

    /// <summary>Gets macros that are not told by the properties here, or otherwise than told by them; <see langword="null"/> hides one.</summary>
    /// <remarks>Names with or without braces. A macro is sent where the filter has asked for it or the MTA sends it by default.</remarks>
    public IDictionary<string, string?> Macros { get; } = new Dictionary<string, string?>();
}
