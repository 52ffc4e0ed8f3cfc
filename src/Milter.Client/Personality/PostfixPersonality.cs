using System.Net.Sockets;
using Milter.Protocol;

namespace Milter.Client;

/// <summary>Postfix 3.7: smtpd up to DATA, then cleanup, which knows less.</summary>
internal sealed class PostfixPersonality() : MtaPersonality("Postfix", MilterTimeouts.Postfix)
{
    internal override bool RefusesUnofferedSteps => false;

    internal override bool SaysHeloBeforeAbort => true;

    internal override bool TellsUnknownAfterMessages => true;

    internal override string Software => "Postfix 3.7.11";

    internal override bool ForgivesReplyTexts => false;

    public override string DefaultMacros(MacroStage stage) => stage switch
    {
        MacroStage.Connect => "j {daemon_name} {daemon_addr} v _",
        MacroStage.Helo => "{tls_version} {cipher} {cipher_bits} {cert_subject} {cert_issuer}",
        MacroStage.Mail => "i {auth_type} {auth_authen} {auth_author} {mail_addr} {mail_host} {mail_mailer}",
        MacroStage.Rcpt => "i {rcpt_addr} {rcpt_host} {rcpt_mailer}",
        _ => "i",
    };

    // A packet before each step, even an empty one, except for steps that the agreed version does not have.
    internal override string? MacroNames(MilterCommand command, MilterAgreement agreement)
    {
        if (agreement.Version < StepTable.Of(command).MinVersion)
        {
            return null;
        }

        MacroStage? stage = command switch
        {
            MilterCommand.Connect => MacroStage.Connect,
            MilterCommand.Helo => MacroStage.Helo,
            MilterCommand.Mail => MacroStage.Mail,
            MilterCommand.Rcpt => MacroStage.Rcpt,
            MilterCommand.Data => MacroStage.Data,
            MilterCommand.Header or MilterCommand.EndOfHeaders => MacroStage.EndOfHeaders,
            MilterCommand.Body or MilterCommand.EndOfMessage => MacroStage.EndOfMessage,
            _ => null,
        };
        return stage is not { } known ? "" : agreement.Macros.GetValueOrDefault(known) is { Length: > 0 } asked ? asked : DefaultMacros(known);
    }

    internal override bool Knows(string name, in MacroMoment moment)
    {
        bool isSmtp = moment.Session.Origin == MailOrigin.Smtp;
        bool inCleanup = !isSmtp || StepTable.Of(moment.Command).IsContent;
        return name switch
        {
            "if_name" or "if_addr" or "msg_id" or "auth_ssf" => false,
            // The queue file is made after the first recipient was let pass.
            "i" => inCleanup || moment.Command is MilterCommand.Data || (moment.Command == MilterCommand.Rcpt && moment.RecipientsBefore > 0),
            "mail_addr" => !inCleanup || !isSmtp,
            "mail_host" or "mail_mailer" => !inCleanup && moment.Message is not null,
            "rcpt_addr" => moment.Command == MilterCommand.Rcpt,
            "rcpt_host" or "rcpt_mailer" => moment.Command == MilterCommand.Rcpt && isSmtp,
            "client_resolve" or "client_connections" or "tls_version" or "cipher" or "cipher_bits" or "cert_subject" or "cert_issuer" => !inCleanup,
            _ => true,
        };
    }

    internal override string DaemonName(SmtpSession session) => session.ServerName;

    internal override string MailerOf(RefusedRecipient? refused) => refused is null ? "smtp" : "error";

    internal override string HostOf(MailPath path, SmtpSession session) => path.Domain.Length > 0 ? path.Domain : session.ServerName;

    internal override string AddressText(SmtpClientInfo client) => client.PlainAddress?.ToString() ?? "unknown";

    internal override void WriteConnect(FrameBuffer output, SmtpSession session)
    {
        SmtpClientInfo client = session.Client;
        if (session.Origin == MailOrigin.Local)
        {
            CommandWriter.Connect(output, "localhost", ClientFamily.IPv4, 0, "127.0.0.1");
        }
        else if (client.PlainAddress is { } address)
        {
            ClientFamily family = address.AddressFamily == AddressFamily.InterNetworkV6 ? ClientFamily.IPv6 : ClientFamily.IPv4;
            CommandWriter.Connect(output, client.HostName ?? $"[{address}]", family, (ushort)client.Port, address.ToString());
        }
        else if (client.UnixPath is { } path)
        {
            CommandWriter.Connect(output, client.HostName ?? "localhost", ClientFamily.Unix, 0, path);
        }
        else
        {
            CommandWriter.Connect(output, client.HostName ?? "unknown", ClientFamily.Unknown, 0, "");
        }
    }

    internal override string Spell(MailPath path, MailOrigin origin) => origin == MailOrigin.Local ? path.Address : base.Spell(path, origin);

    internal override SkipEffect OnSkip(MilterCommand step) =>
        step is MilterCommand.EndOfMessage or MilterCommand.EndOfHeaders ? SkipEffect.Continue : SkipEffect.ThisKind;

    internal override bool TakesProgress(MilterCommand step) => true;

    internal override bool DiscardEndsSession(MilterCommand step) => false;

    internal override bool SendsAbort(AbortReason reason, bool isOpen, MilterAgreement agreement, MailOrigin origin) => origin == MailOrigin.Smtp;

    internal override SmtpReply Words(MilterVerdict verdict, MilterCommand step, SmtpReply? ofFilter, MailPath? path) => (verdict, ofFilter) switch
    {
        (MilterVerdict.Reject or MilterVerdict.TempFail, { } words) => words,
        (MilterVerdict.Reject, _) => new SmtpReply(550, "5.7.1", "Command rejected"),
        (MilterVerdict.TempFail, _) => new SmtpReply(451, "4.7.1", "Service unavailable - try again later"),
        _ => new SmtpReply(250, "2.0.0", step == MilterCommand.EndOfMessage ? "Ok: queued" : "Ok"),
    };

    internal override HeaderTable NewHeaders(MailTransaction transaction) => new PostfixHeaders(transaction);

    // Postfix compares with the recipient as the client spelled it.
    internal override bool IsSameRecipient(string left, string right) => left == right;
}
