using System.Net.Sockets;
using Milter.Protocol;

namespace Milter.Client;

/// <summary>Postfix 3.7: smtpd up to DATA, then cleanup, which knows less.</summary>
internal sealed class PostfixPersonality() : MtaPersonality("Postfix", MilterTimeouts.Postfix)
{
    internal override bool RefusesUnofferedSteps => false;

    internal override bool SaysHeloBeforeAbort => true;

    internal override bool TellsUnknownAfterMessages => true;

    internal override bool SendsMacrosOfRefused => false;

    // Of a certificate that it does not trust it says nothing.
    internal override string? CertificateName(SmtpTls tls, string? name) => tls.IsTrusted ? name : null;

    internal override bool AddsOnlyNewRecipients => false;

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

    // What smtpd tells has its macros in any case; cleanup asks first whether the step is wanted.
    internal override bool SendsMacrosOfUnwanted(MilterCommand command) => !StepTable.Of(command).IsContent;

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
            // At DATA, those of the first recipient.
            "rcpt_addr" => moment.Command == MilterCommand.Rcpt || (moment.Command == MilterCommand.Data && isSmtp),
            "rcpt_host" or "rcpt_mailer" => moment.Command is MilterCommand.Rcpt or MilterCommand.Data && isSmtp,
            "client_resolve" or "client_connections" or "tls_version" or "cipher" or "cipher_bits" or "cert_subject" or "cert_issuer" => !inCleanup,
            _ => true,
        };
    }

    internal override string DaemonName(SmtpSession session) => session.ServerName;

    internal override string MailerOf(MailPath? path, RefusedRecipient? refused) => refused is null ? "smtp" : "error";

    internal override string HostOf(MailPath path, SmtpSession session) => path.Domain.Length > 0 ? path.Domain.TrimEnd('.') : session.ServerName;

    // Parsed and written anew.
    internal override string Kept(MailPath path) => path.Domain.Length > 0 ? path.Plain.TrimEnd('.') : path.Plain;

    // The recipient has lost its source route by then, but what the filter says has not; and a final dot is compared.
    internal override bool Finds(MailPath removed, MailPath recipient) => !removed.HasRoute && removed.Plain == recipient.Plain;

    // They come from a cache that knows no capitals.
    internal override string MacroAddress(MailPath path, SmtpSession session) =>
        session.Origin == MailOrigin.Smtp ? Kept(path).ToLowerInvariant() : Kept(path);

    internal override string MacroAddress(RefusedRecipient refused) => string.Join(' ', refused.Reply.Lines);

    internal override string AddressText(SmtpClientInfo client) => client.PlainAddress?.ToString() ?? "unknown";

    // In this macro alone, as in SMTP's address literals.
    internal override string MacroClientAddress(SmtpClientInfo client) =>
        client.PlainAddress is { AddressFamily: AddressFamily.InterNetworkV6 } six ? $"IPv6:{six}" : AddressText(client);

    internal override string? OfLocalSession(string name) => name == "daemon_port" ? "0" : null;

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

    internal override string Spell(MailPath path, MailOrigin origin) => origin == MailOrigin.Local ? path.Text : base.Spell(path, origin);

    internal override SkipEffect OnSkip(MilterCommand step) =>
        step is MilterCommand.EndOfMessage or MilterCommand.EndOfHeaders ? SkipEffect.Continue : SkipEffect.ThisKind;

    internal override bool TakesProgress(MilterCommand step) => true;

    internal override bool DiscardEndsSession(MilterCommand step) => false;

    internal override bool SendsAbort(AbortReason reason, bool isOpen, MilterAgreement agreement, MailOrigin origin) => origin == MailOrigin.Smtp;

    // Of the first line it looks at one byte behind the code, and takes a digit for the class of an enhanced code.
    internal override string? FindFault(ReadOnlySpan<byte> payload) => payload is [var code, _, _, _, >= (byte)'0' and <= (byte)'9' and var digit, ..] && digit != code
        ? $"its text begins with the digit {(char)digit}, which Postfix takes for an enhanced code of another class than {(char)code}xx"
        : null;

    internal override SmtpReply Words(MilterVerdict verdict, MilterCommand step, SmtpReply? ofFilter, MailPath? path) => (verdict, ofFilter) switch
    {
        // What cleanup says goes to smtpd as printable text.
        (MilterVerdict.Reject or MilterVerdict.TempFail, { } words) => StepTable.Of(step).IsContent
            ? new SmtpReply(words.Code, words.EnhancedCode, [.. words.Lines.Select(line => string.Concat(line.Select(c => char.IsControl(c) && c < 128 ? ' ' : c)))])
            : words,
        (MilterVerdict.Reject, _) => new SmtpReply(550, "5.7.1", "Command rejected"),
        (MilterVerdict.TempFail, _) => new SmtpReply(451, "4.7.1", "Service unavailable - try again later"),
        _ => new SmtpReply(250, "2.0.0", step == MilterCommand.EndOfMessage ? "Ok: queued" : "Ok"),
    };

    internal override HeaderTable NewHeaders(MailTransaction transaction) => new PostfixHeaders(transaction);

    // message_drop_headers
    internal override bool ShowsHeader(MailHeader header) =>
        !header.Is("Return-Path") && !header.Is("Content-Length") && !header.Is("Bcc") && !header.Is("Resent-Bcc");

    internal override MailHeader Receive(MailHeader header) => Intake.OfPostfix(header);

    internal override ReadOnlyMemory<byte> Receive(ReadOnlyMemory<byte> body) => Intake.OfPostfix(body);

    internal override string? FindFault(MailContent content) => null;

    // Those that the filter does not name stay.
    internal override IReadOnlyList<string> ChangeArguments(IReadOnlyList<string> old, IReadOnlyList<string> ofFilter) =>
        [.. old.Where(argument => !ofFilter.Any(other => Keyword(other).Equals(Keyword(argument), StringComparison.OrdinalIgnoreCase))), .. ofFilter];

    internal override bool IsDuplicate(MailPath left, MailPath right) =>
        Kept(left).Equals(Kept(right), StringComparison.OrdinalIgnoreCase) && left.Arguments.SequenceEqual(right.Arguments, StringComparer.OrdinalIgnoreCase);

    private static string Keyword(string argument) => argument.Split('=')[0];
}
