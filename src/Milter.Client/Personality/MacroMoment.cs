using System.Globalization;
using System.Net;
using Milter.Protocol;

namespace Milter.Client;

/// <summary>What an MTA knows before one command: where the values of macros come from.</summary>
internal readonly record struct MacroMoment(
    MilterCommand Command, SmtpSession Session, MailTransaction? Message, MailPath? Recipient, RefusedRecipient? Refused, int RecipientsBefore)
{
    /// <summary>Finds a macro's value as this MTA would tell it now.</summary>
    /// <returns><see langword="null"/> when it is not sent.</returns>
    public string? Value(MtaPersonality mta, string name)
    {
        string bare = mta.MacroKey(name);
        bool isOfRecipient = bare.StartsWith("rcpt_", StringComparison.Ordinal);
        return !mta.Knows(bare, this) ? null
            : isOfRecipient && Refused is not null ? OfRecipient(mta, bare)
            : TryOverride(bare, out string? set) ? set
            : isOfRecipient ? OfRecipient(mta, bare)
            : (Session.Origin == MailOrigin.Local ? mta.OfLocalSession(bare) : null) ?? OfSession(mta, bare) ?? OfMessage(mta, bare);
    }

    private bool TryOverride(string bare, out string? value)
    {
        value = null;
        return (Message is not null && TryFind(Message.Macros, bare, out value)) || TryFind(Session.Macros, bare, out value);
    }

    private static bool TryFind(IDictionary<string, string?> macros, string bare, out string? value) =>
        macros.TryGetValue(bare, out value) || macros.TryGetValue("{" + bare + "}", out value);

    private string? OfSession(MtaPersonality mta, string bare)
    {
        SmtpClientInfo client = Session.Client;
        return bare switch
        {
            "i" => mta.QueueIdOf(Session, Message),
            "j" => Session.ServerName,
            "v" => Session.Software ?? mta.Software,
            "_" when client.ReverseName is null && mta == MtaPersonality.Sendmail => $"[{mta.AddressText(client)}]",
            "_" => $"{client.ReverseName ?? "unknown"} [{mta.AddressText(client)}]{(client.HostName == client.ReverseName ? "" : " (may be forged)")}",
            "daemon_name" => Session.DaemonName ?? mta.DaemonName(Session),
            "daemon_addr" => Session.ServerAddress?.ToString(),
            "if_addr" => Session.ServerAddress is { } server && !IPAddress.IsLoopback(server) ? server.ToString() : null,
            "daemon_port" => Number(Session.ServerPort),
            "if_name" => Session.ServerName,
            "client_addr" => mta.MacroClientAddress(client),
            "client_name" => client.HostName ?? "unknown",
            "client_ptr" => client.ReverseName ?? "unknown",
            "client_port" => Number(client.Port),
            "client_resolve" => client.HostName is not null ? "OK" : client.ReverseName is not null ? "FORGED" : "FAIL",
            "tls_version" => Session.Tls?.Version,
            "cipher" => Session.Tls?.Cipher,
            "cipher_bits" => Session.Tls is { } tls ? Number(tls.CipherBits) : null,
            "cert_subject" => Session.Tls is { } tls ? mta.CertificateName(tls, tls.CertificateSubject) : null,
            "cert_issuer" => Session.Tls is { } tls ? mta.CertificateName(tls, tls.CertificateIssuer) : null,
            "verify" or "cn_subject" or "cn_issuer" => Session.Tls is { } tls ? mta.OfCertificate(tls, bare) : null,
            "auth_authen" => Session.Login is { } login ? mta.LoginName(login.Identity) : null,
            "auth_type" => Session.Login?.Mechanism,
            "auth_author" => Session.Login?.AuthorizedAs,
            "auth_ssf" => Session.Login is null ? null : "0",
            _ => null,
        };
    }

    private string? OfMessage(MtaPersonality mta, string bare) => Message is null ? null : bare switch
    {
        "mail_addr" => mta.MacroAddress(Message.Sender, Session),
        "mail_host" => mta.HostOf(Message.Sender, Session),
        "mail_mailer" => mta.MailerOf(Message.Sender, null),
        "msg_id" => Message.Content["Resent-Message-ID"] ?? Message.Content["Message-ID"],
        _ => null,
    };

    private string? OfRecipient(MtaPersonality mta, string bare) => (bare, Refused) switch
    {
        ("rcpt_mailer", _) => mta.MailerOf(Recipient, Refused),
        ("rcpt_host", { Reply.EnhancedCode: var code }) => code ?? "5.0.0",
        ("rcpt_addr", { } refused) => mta.MacroAddress(refused),
        ("rcpt_host", null) => Recipient is null ? null : mta.HostOf(Recipient, Session),
        ("rcpt_addr", null) => Recipient is null ? null : mta.MacroAddress(Recipient, Session),
        _ => null,
    };

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
