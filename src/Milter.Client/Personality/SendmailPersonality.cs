using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Milter.Protocol;

namespace Milter.Client;

/// <summary>Sendmail 8.17: one process from connect to queue.</summary>
internal sealed class SendmailPersonality() : MtaPersonality("Sendmail", MilterTimeouts.Sendmail)
{
    internal override bool RefusesUnofferedSteps => true;

    internal override bool SaysHeloBeforeAbort => false;

    internal override bool TellsUnknownAfterMessages => false;

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

    internal override bool Knows(string name, in MacroMoment moment) => name switch
    {
        "msg_id" => moment.Command == MilterCommand.EndOfMessage,
        "rcpt_addr" or "rcpt_host" or "rcpt_mailer" => moment.Command == MilterCommand.Rcpt,
        _ => true,
    };

    internal override string DaemonName(SmtpSession session) => "MTA";

    internal override string MailerOf(RefusedRecipient? refused) => refused is null ? "esmtp" : "error";

    internal override string HostOf(MailPath path, SmtpSession session) => path.Domain.Length > 0 ? path.Domain + "." : session.ServerName;

    internal override string AddressText(SmtpClientInfo client) => client.PlainAddress switch
    {
        null => "localhost",
        { AddressFamily: AddressFamily.InterNetworkV6 } six => "IPv6:" + Uncompressed(six),
        { } four => four.ToString(),
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
        isOpen && !agreement.Has(ProtocolSteps.NoMail | ProtocolSteps.NoReplyMail);

    internal override SmtpReply Words(MilterVerdict verdict, MilterCommand step, SmtpReply? ofFilter, MailPath? path)
    {
        bool splices = step is MilterCommand.Mail or MilterCommand.Rcpt && path is not null;
        return (verdict, ofFilter) switch
        {
            (MilterVerdict.Reject or MilterVerdict.TempFail, { } words) => new SmtpReply(
                words.Code, words.EnhancedCode ?? (words.IsTemporary ? "4.0.0" : "5.0.0"), [.. words.Lines.Select(line => Splice(line, splices ? path : null))]),
            (MilterVerdict.Reject, _) => new SmtpReply(StepTable.Of(step).IsContent ? 554 : 550, "5.7.1", Splice("Command rejected", splices ? path : null)),
            (MilterVerdict.TempFail, _) => new SmtpReply(451, "4.3.2", Splice("Please try again later", splices ? path : null)),
            _ => new SmtpReply(250, "2.0.0", step == MilterCommand.EndOfMessage ? "Message accepted for delivery" : "ok"),
        };
    }

    internal override HeaderTable NewHeaders(MailTransaction transaction) => new SendmailHeaders(transaction);

    // The host's case is no difference to it.
    internal override bool IsSameRecipient(string left, string right)
    {
        int at = left.LastIndexOf('@');
        return left.Length == right.Length && left[..(at + 1)] == right[..(at + 1)] && left.EndsWith(right[(at + 1)..], StringComparison.OrdinalIgnoreCase);
    }

    private static string Splice(string line, MailPath? path) => path is null ? line : $"<{path.Address}>... {line}";

    private static string Uncompressed(IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        return string.Join(':', Enumerable.Range(0, 8).Select(i => ((bytes[2 * i] << 8) | bytes[(2 * i) + 1]).ToString("x", CultureInfo.InvariantCulture)));
    }
}
