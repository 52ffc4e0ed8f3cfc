using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Milter.Protocol;

namespace Milter.Client;

/// <summary>Sendmail 8.17: one process from connect to queue.</summary>
internal sealed class SendmailPersonality() : MtaPersonality("Sendmail", MilterTimeouts.Sendmail)
{
    internal override bool RefusesUnofferedSteps => true;

    internal override bool SaysHeloBeforeAbort => false;

    internal override bool TellsUnknownAfterMessages => false;

    internal override bool SendsMacrosOfRefused => true;

    // The whole name: here of one part.
    internal override string? CertificateName(SmtpTls tls, string? name) => name is null ? "" : "/CN=" + Xtext.Encode(name);

    internal override string? OfCertificate(SmtpTls tls, string macro) => macro switch
    {
        "verify" => tls.CertificateSubject is null ? "NO" : tls.IsTrusted ? "OK" : "FAIL",
        "cn_subject" => Xtext.Encode(tls.CertificateSubject ?? ""),
        _ => Xtext.Encode(tls.CertificateIssuer ?? ""),
    };

    internal override string LoginName(string name) => Xtext.Encode(name);

    internal override bool AddsOnlyNewRecipients => true;

    internal override string Software => "8.17.1.9";

    internal override bool ForgivesReplyTexts => true;

    public override string DefaultMacros(MacroStage stage) => stage switch
    {
        MacroStage.Connect => "j _ {daemon_name} {if_name} {if_addr}",
        MacroStage.Helo => "{tls_version} {cipher} {cipher_bits} {cert_subject} {cert_issuer}",
        MacroStage.Mail => "i {auth_type} {auth_authen} {auth_ssf} {auth_author} {mail_mailer} {mail_host} {mail_addr}",
        MacroStage.Rcpt => "{rcpt_mailer} {rcpt_host} {rcpt_addr}",
        MacroStage.EndOfMessage => "{msg_id}",
        _ => "",
    };

    // A packet where there is a list; an empty list asked for turns the stage off.
    internal override string? MacroNames(MilterCommand command, MilterAgreement agreement)
    {
        MacroStage? stage = command switch
        {
            MilterCommand.Connect => MacroStage.Connect,
            MilterCommand.Helo => MacroStage.Helo,
            MilterCommand.Mail => MacroStage.Mail,
            MilterCommand.Rcpt => MacroStage.Rcpt,
            MilterCommand.Data => MacroStage.Data,
            MilterCommand.EndOfHeaders => MacroStage.EndOfHeaders,
            MilterCommand.EndOfMessage => MacroStage.EndOfMessage,
            _ => null,
        };
        if (stage is not { } known)
        {
            return null;
        }

        string names = agreement.Macros.TryGetValue(known, out string? asked) ? asked : DefaultMacros(known);
        if (known == MacroStage.EndOfMessage)
        {
            // It asks whether there is a list for EOH, and means EOM.
            bool hasEoh = agreement.Macros.ContainsKey(MacroStage.EndOfHeaders);
            names = hasEoh ? agreement.Macros.GetValueOrDefault(known, "") : DefaultMacros(known);
        }

        return names.Length == 0 ? null : names;
    }

    internal override bool SendsMacrosOfUnwanted(MilterCommand command) => command != MilterCommand.EndOfHeaders;

    // Without braces, a name has one letter.
    internal override string MacroKey(string name) => name[0] == '{' ? base.MacroKey(name) : name[..1];

    internal override bool Knows(string name, in MacroMoment moment) => name switch
    {
        "msg_id" => moment.Command is MilterCommand.EndOfHeaders or MilterCommand.EndOfMessage,
        "mail_addr" or "mail_host" or "mail_mailer" => moment.Message is not null,
        "rcpt_addr" or "rcpt_host" or "rcpt_mailer" => moment.Command == MilterCommand.Rcpt,
        "daemon_name" or "daemon_addr" or "daemon_port" or "if_name" or "if_addr" or "client_name" or "client_ptr" or "client_resolve" => moment.Session.Origin == MailOrigin.Smtp,
        _ => true,
    };

    internal override string DaemonName(SmtpSession session) => "MTA";

    internal override string MailerOf(MailPath? path, RefusedRecipient? refused) => refused is not null ? "error" : path is { Address: "" } ? "local" : "esmtp";

    internal override string HostOf(MailPath path, SmtpSession session) =>
        path.Domain.Length > 0 ? path.Domain.TrimEnd('.') + "." : path.Address.Length == 0 ? "" : session.ServerName;

    // Quotes stay.
    internal override string Kept(MailPath path) => path.Domain.Length > 0 ? $"{path.LocalPart}@{path.Domain.TrimEnd('.')}" : path.Address;

    // It gives the next message's id before that begins.
    internal override string? QueueIdOf(SmtpSession session, MailTransaction? message) => message?.QueueId ?? session.NextQueueId;

    // The user of the mailer that it would have gone to.
    internal override string MacroAddress(RefusedRecipient refused) =>
        refused.Path.Address[..^Math.Min(refused.Path.Address.Length, refused.Path.Domain.Length + 1)].Trim('"');

    internal override string AddressText(SmtpClientInfo client) => client.PlainAddress switch
    {
        null => "localhost",
        { AddressFamily: AddressFamily.InterNetworkV6 } six => "IPv6:" + Uncompressed(six),
        { } four => four.ToString(),
    };

    // Of the program it knows the user: here the one who can always run it.
    internal override string? OfLocalSession(string name) => name switch
    {
        "_" => "root@localhost",
        "client_addr" or "client_port" => "0",
        _ => null,
    };

    internal override void WriteConnect(FrameBuffer output, SmtpSession session)
    {
        SmtpClientInfo client = session.Client;
        if (session.Origin == MailOrigin.Smtp && client.PlainAddress is { } address)
        {
            string text = AddressText(client);
            ClientFamily family = address.AddressFamily == AddressFamily.InterNetworkV6 ? ClientFamily.IPv6 : ClientFamily.IPv4;
            CommandWriter.Connect(output, client.HostName ?? $"[{text}]", family, (ushort)client.Port, text);
        }
        else if (session.Origin == MailOrigin.Smtp && client.UnixPath is { } path)
        {
            CommandWriter.Connect(output, client.HostName ?? "localhost", ClientFamily.Unix, 0, path);
        }
        else
        {
            CommandWriter.Connect(output, client.HostName ?? "localhost", ClientFamily.Unknown, 0, "");
        }
    }

    internal override SkipEffect OnSkip(MilterCommand step) => step switch
    {
        MilterCommand.Body => SkipEffect.ThisKind,
        MilterCommand.Header or MilterCommand.EndOfHeaders => SkipEffect.Body,
        MilterCommand.EndOfMessage or MilterCommand.Unknown => SkipEffect.Error,
        _ => SkipEffect.Session,
    };

    internal override bool TakesProgress(MilterCommand step) => step == MilterCommand.EndOfMessage;

    internal override bool DiscardEndsSession(MilterCommand step) => step == MilterCommand.Connect;

    internal override bool SendsAbort(AbortReason reason, bool isOpen, MilterAgreement agreement, MailOrigin origin) =>
        isOpen && reason != AbortReason.Left && !agreement.Has(ProtocolSteps.NoMail | ProtocolSteps.NoReplyMail);

    internal override SmtpReply Words(MilterVerdict verdict, MilterCommand step, SmtpReply? ofFilter, MailPath? path)
    {
        MailPath? spliced = step is MilterCommand.Mail or MilterCommand.Rcpt ? path : null;
        return (verdict, ofFilter) switch
        {
            // At CONNECT the filter's words are not used.
            (MilterVerdict.Reject or MilterVerdict.TempFail, { } words) when step != MilterCommand.Connect => new SmtpReply(
                words.Code, words.EnhancedCode ?? (words.IsTemporary ? "4.0.0" : "5.0.0"), [Splice(SevenBits(words.Lines[0]), words.Code is 450 or 550 ? spliced : null), .. words.Lines.Skip(1).Select(SevenBits)]),
            (MilterVerdict.Reject, _) when step is MilterCommand.Connect or MilterCommand.Helo => new SmtpReply(550, "5.0.0", "Command rejected"),
            (MilterVerdict.Reject, _) => new SmtpReply(StepTable.Of(step).IsContent ? 554 : 550, "5.7.1", Splice("Command rejected", spliced)),
            (MilterVerdict.TempFail, _) => new SmtpReply(451, "4.3.2", "Please try again later"),
            _ => new SmtpReply(250, "2.0.0", step == MilterCommand.EndOfMessage ? "Message accepted for delivery" : "ok"),
        };
    }

    internal override HeaderTable NewHeaders(MailTransaction transaction) => new SendmailHeaders(transaction);

    internal override bool ShowsHeader(MailHeader header) => true;

    internal override MailHeader Receive(MailHeader header) => Intake.OfSendmail(header);

    internal override ReadOnlyMemory<byte> Receive(ReadOnlyMemory<byte> body) => body;

    internal override string? FindFault(MailContent content) => Intake.FindOfSendmail(content);

    internal override IReadOnlyList<string> ChangeArguments(IReadOnlyList<string> old, IReadOnlyList<string> ofFilter) => ofFilter.Count > 0 ? ofFilter : old;

    internal override bool IsDuplicate(MailPath left, MailPath right) => Kept(left) == Kept(right);

    // Its text ends at a NUL, whatever that was before.
    private static string SevenBits(string line) => Encoding.ASCII.GetString([.. WireText.GetBytes(line).Select(b => (byte)(b & 0x7F)).TakeWhile(b => b != 0)]);

    private static string Splice(string line, MailPath? path) => path is null ? line : $"<{path.Address}>... {line}";

    private static string Uncompressed(IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        return string.Join(':', Enumerable.Range(0, 8).Select(i => ((bytes[2 * i] << 8) | bytes[(2 * i) + 1]).ToString("x", CultureInfo.InvariantCulture)));
    }
}
