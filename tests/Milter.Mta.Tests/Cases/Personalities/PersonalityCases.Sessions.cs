using Milter.Client;
using Milter.Mta.Filters;
using Milter.Protocol;

namespace Milter.Mta.Tests;

/// <content>What comes when: sessions, macros, verdicts, what was negotiated.</content>
internal static partial class PersonalityCases
{
    private const string ClientMacros = "_ {client_addr} {client_name} {client_port} {client_ptr}";

    // Both servers refuse this one, and tell filters that ask.
    private static Recipient RefusedByServer => Recipient.Refused($"\"|a\"@{MtaServer.HostName}");

    private static IEnumerable<PersonalityCase> Sessions()
    {
        Move.Begin begun = new(From, To);
        Move.Message message = Message(Mail.Message());
        yield return PersonalityCase.Probe("session: nothing but EHLO");
        yield return PersonalityCase.Probe("session: EHLO twice", new Move.Hello("again.example.org"), message);
        yield return PersonalityCase.Probe("session: two messages", message, MessageFrom(new MailPath("other@example.org"), Mail.Message(), "two@example.com"));
        yield return PersonalityCase.Probe("session: RSET without a message", new Move.Reset(), message, new Move.Reset());
        yield return PersonalityCase.Probe("session: RSET after MAIL", new Move.Begin(From), new Move.Reset(), message);
        yield return PersonalityCase.Probe("session: RSET after RCPT", begun, new Move.Reset(), new Move.Reset(), message);
        yield return PersonalityCase.Probe("session: EHLO in a message", begun, new Move.Hello("again.example.org"), message);
        yield return PersonalityCase.Probe("session: EHLO after a message", message, new Move.Hello("again.example.org"), message);
        yield return PersonalityCase.Probe("session: QUIT in a message", begun);
        yield return PersonalityCase.Probe("session: QUIT in a second message", message, begun);
        yield return PersonalityCase.Probe(
            "session: unknown commands", new Move.Unknown("FOO"), new Move.Unknown("FOO bar"), begun, new Move.Unknown("FOO bar"), new Move.Reset(), new Move.Unknown("FOO"), message, new Move.Unknown("FOO"), message);
        yield return PersonalityCase.Engine("session: an unknown command refused", () => Deciding(MilterStages.Unknown, Verdict.Reject(550, "5.5.1", "What?")), new Move.Unknown("FOO"), message);
        yield return PersonalityCase.Probe("session: STARTTLS", new Move.StartTls(), message);
        yield return PersonalityCase.Probe("session: STARTTLS after a message", message, new Move.StartTls(), message);

        // To a name that XCLIENT takes away, the server says that it was not found, not that it was forged.
        (string Name, string Words, SmtpClientInfo Client)[] clients =
        [
            ("with a name", "ADDR=203.0.113.9 NAME=mail.example.org PORT=1234", SmtpClientInfo.At("203.0.113.9", "mail.example.org", 1234)),
            ("without a name", "ADDR=203.0.113.9 NAME=[UNAVAILABLE] PORT=1234", SmtpClientInfo.At("203.0.113.9", null, 1234)),
            ("of IPv6", "ADDR=IPV6:2001:db8::25 NAME=mail.example.org PORT=1234", SmtpClientInfo.At("2001:db8::25", "mail.example.org", 1234)),
            ("of IPv6 without a name", "ADDR=IPV6:2001:db8::25 NAME=[UNAVAILABLE] PORT=1234", SmtpClientInfo.At("2001:db8::25", null, 1234)),
            ("whose name is another's", "ADDR=203.0.113.9 NAME=[UNAVAILABLE] REVERSE_NAME=forged.example.org PORT=1234", SmtpClientInfo.At("203.0.113.9", null, 1234) with { ReverseName = "forged.example.org" }),
        ];
        foreach ((string name, string words, SmtpClientInfo client) in clients)
        {
            yield return PersonalityCase.Raw(
                $"client: one {name}", new() { Lists = [new SymbolList(MacroStage.Connect, words.Contains("REVERSE", StringComparison.Ordinal) ? ClientMacros : $"{ClientMacros} {{client_resolve}}")] }, message) with
            {
                Only = MtaKind.Postfix, XClient = words, Client = client,
            };
        }

        yield return PersonalityCase.Raw(
            "client: a program on the machine, and its own macros",
            new() { Lists = [new SymbolList(MacroStage.Connect, $"{ClientMacros} {{client_resolve}} {{daemon_name}} {{daemon_addr}} {{daemon_port}} {{if_name}} {{if_addr}}")] },
            message) with { IsLocal = true };
        yield return PersonalityCase.Probe("client: a program on the machine", Message(Mail.Message("Subject: s\r\n"), To, "two@example.com")) with { IsLocal = true };
        yield return PersonalityCase.Engine("client: a program on the machine, with macros asked for", () => new MacroFilter(new Journal()), Message(Mail.Message("Subject: s\r\n"), To, "two@example.com")) with { IsLocal = true };
        yield return PersonalityCase.Probe("recipients: several", Message(Mail.Message(), To, "two@example.com", "three@example.net"));
        yield return PersonalityCase.Probe("recipients: one refused by the server", Message(Mail.Message(), To, RefusedByServer, "two@example.com"));
        yield return PersonalityCase.Probe("recipients: the first refused by the server", Message(Mail.Message(), RefusedByServer, To));
        yield return PersonalityCase.Engine("recipients: one refused by the server, and told", () => new RecipientFilter(new Journal()), Message(Mail.Message(), To, RefusedByServer, "two@example.com"));
        yield return PersonalityCase.Engine("recipients: the first refused by the server, and told", () => new RecipientFilter(new Journal()), Message(Mail.Message(), RefusedByServer, To, "two@example.com"));
        yield return PersonalityCase.Engine("recipients: one refused by the filter", () => new RecipientFilter(new Journal()), Message(Mail.Message(), To, "no@example.com", "two@example.com"));
        yield return PersonalityCase.Engine("recipients: the first refused by the filter", () => new RecipientFilter(new Journal()), Message(Mail.Message(), "no@example.com", To, "two@example.com"));
        yield return PersonalityCase.Engine("recipients: all refused by the filter", () => new RecipientFilter(new Journal()), Message(Mail.Message(), "no@example.com", "no2@example.com"), message);
        yield return PersonalityCase.Engine("recipients: all refused, by the server and by the filter", () => new RecipientFilter(new Journal()), Message(Mail.Message(), "no@example.com", RefusedByServer), message);
        yield return PersonalityCase.Engine("recipients: all refused by the server", () => new RecipientFilter(new Journal()), Message(Mail.Message(), RefusedByServer), message);
    }

    private static IEnumerable<PersonalityCase> Macros()
    {
        Move.Message message = Message(Mail.Message(), To, "two@example.com");
        yield return PersonalityCase.Engine("macros: asked for by a filter on the engine", () => new MacroFilter(new Journal()), message, message);
        string[] names =
        [
            "i j v _ {daemon_name} {daemon_addr} {daemon_port} {if_name} {if_addr} {client_addr} {client_name} {client_port} {client_ptr} {client_resolve}",
            "{tls_version} {cipher} {cipher_bits} {cert_subject} {cert_issuer} {auth_type} {auth_authen} {auth_author} {auth_ssf}",
            "{mail_addr} {mail_host} {mail_mailer} {rcpt_addr} {rcpt_host} {rcpt_mailer} {msg_id}",
        ];
        for (int i = 0; i < names.Length; i++)
        {
            string list = names[i];
            yield return PersonalityCase.Raw(
                $"macros: the same at every stage ({i + 1} of {names.Length})",
                new() { Lists = [.. Enum.GetValues<MacroStage>().Select(stage => new SymbolList(stage, stage <= MacroStage.Helo ? list.TrimStart('i', ' ') : list))] },
                new Move.Unknown("FOO"), Message(Mail.Message(), To, RefusedByServer, "two@example.com"), message);
        }

        yield return PersonalityCase.Raw("macros: asked for, and the server's refusals, too", new(ProtocolSteps.RejectedRecipients)
        {
            Lists = [new SymbolList(MacroStage.Rcpt, "i {rcpt_mailer} {rcpt_host} {rcpt_addr} {mail_addr}")],
        }, Message(Mail.Message(), To, RefusedByServer, "two@example.com"));
        yield return PersonalityCase.Raw("macros: empty lists", new() { Lists = [.. Enum.GetValues<MacroStage>().Select(stage => new SymbolList(stage, ""))] }, message);
        yield return PersonalityCase.Raw("macros: a list for EOM alone", new() { Lists = [new SymbolList(MacroStage.EndOfMessage, "i {mail_addr}")] }, message);
        yield return PersonalityCase.Raw("macros: a list for EOH alone", new() { Lists = [new SymbolList(MacroStage.EndOfHeaders, "i {mail_addr}")] }, message);
        yield return PersonalityCase.Raw("macros: names without braces, commas, names that nobody has", new() { Lists = [new SymbolList(MacroStage.Mail, "j_x {x_none} i,j {mail_host}")] }, message);
        yield return PersonalityCase.Raw("macros: where MAIL is not wanted", new(ProtocolSteps.NoMail | ProtocolSteps.NoHelo | ProtocolSteps.NoConnect), message);
        yield return PersonalityCase.Raw("macros: asked for where the step is not wanted", new(ProtocolSteps.NoEndOfHeaders | ProtocolSteps.NoData | ProtocolSteps.NoRcpt)
        {
            Lists = [new SymbolList(MacroStage.EndOfHeaders, "i j"), new SymbolList(MacroStage.Data, "i j"), new SymbolList(MacroStage.Rcpt, "j {rcpt_addr}")],
        }, message);
        yield return PersonalityCase.Raw("macros: where nothing is wanted but EOM", new(NothingWanted), message, message);
        yield return PersonalityCase.Probe("macros: the null sender, twice", MessageFrom(MailPath.Null, Mail.Message()), MessageFrom(MailPath.Null, Mail.Message()));
    }

    private static IEnumerable<PersonalityCase> Verdicts()
    {
        Move.Message message = Message(Mail.Message("X-A: a\r\nX-B: b\r\n", Lines(70_000)), To, "two@example.com");
        MilterStages[] stages = [MilterStages.Connect, MilterStages.Helo, MilterStages.Mail, MilterStages.Rcpt, MilterStages.Data, MilterStages.Header, MilterStages.Eoh, MilterStages.Body, MilterStages.Eom];
        (string Name, Verdict Verdict)[] verdicts =
        [
            ("accept", Verdict.Accept), ("reject", Verdict.Reject()), ("tempfail", Verdict.TempFail()), ("reject in words", Verdict.Reject(554, "5.7.7", "No", "and no again")),
            ("tempfail in words", Verdict.TempFail(450, "4.7.1", "Later")), ("reject with 5 and no enhanced code", Verdict.Reject(550, null, "No")),
        ];
        foreach (MilterStages stage in stages)
        {
            foreach ((string name, Verdict verdict) in verdicts)
            {
                yield return PersonalityCase.Engine($"verdict: {name} at {stage}", () => Deciding(stage, verdict), message, message);
            }

            if (stage is not (MilterStages.Connect or MilterStages.Helo))
            {
                yield return PersonalityCase.Engine($"verdict: discard at {stage}", () => Deciding(stage, Verdict.Discard), message, message);
            }
        }

        yield return PersonalityCase.Engine("verdict: skip the body", () => new SkipFilter(new Journal()), Message(Mail.Message(body: Lines(300_000))));
    }

    private static IEnumerable<PersonalityCase> Negotiations()
    {
        Move.Message message = Message(Mail.Message("X-A: a\r\n"), To, "two@example.com");
        Move.Begin begun = new(From, To);
        yield return PersonalityCase.Engine("steps: no replies but at EOM", () => new StepFilter(new Journal()), message, begun, new Move.Reset(), message);
        yield return PersonalityCase.Engine("steps: no replies before RCPT", () => new WaivedFilter(_ => Task.CompletedTask, new Journal()), message, begun, new Move.Reset(), message);
        yield return PersonalityCase.Engine("steps: edits at EOM only", () => EditFilter.Of(edits => edits.Headers.Append("X-New", "v")), message, begun, new Move.Reset(), message);
        foreach (ProtocolSteps step in Enum.GetValues<ProtocolSteps>().Where(step => step is not (ProtocolSteps.None or ProtocolSteps.MaxData256K or ProtocolSteps.MaxData1M)))
        {
            yield return PersonalityCase.Raw($"steps: {step}", new(step), new Move.Unknown("FOO"), message, begun, new Move.Reset(), new Move.Unknown("FOO"), message, begun, new Move.Hello("again.example.org"), message);
        }

        (string Name, string Step, string Answer)[] oddities =
        [
            ("DISCARD at CONNECT", "C", "d"), ("DISCARD at HELO", "H", "d"), ("SKIP at CONNECT", "C", "s"), ("SKIP at HELO", "H", "s"), ("SKIP at MAIL", "M", "s"), ("SKIP at RCPT", "R", "s"),
            ("SKIP at DATA", "T", "s"), ("SKIP at HEADER", "L", "s"), ("SKIP at EOH", "N", "s"), ("SKIP at BODY without having asked for it", "B", "s"),
        ];
        foreach ((string name, string step, string answer) in oddities)
        {
            yield return PersonalityCase.Raw(
                $"oddities: {name}", new() { Answer = told => told.StartsWith(step, StringComparison.Ordinal) ? [answer] : null }, Message(Mail.Message("X-A: a\r\n", Lines(140_000)), To, "two@example.com"), message);
        }
    }

    private static ProtocolSteps NothingWanted =>
        ProtocolSteps.NoConnect | ProtocolSteps.NoHelo | ProtocolSteps.NoMail | ProtocolSteps.NoRcpt | ProtocolSteps.NoBody | ProtocolSteps.NoHeaders
        | ProtocolSteps.NoEndOfHeaders | ProtocolSteps.NoUnknown | ProtocolSteps.NoData;

    // Gives the verdict at the first step of the kind, so that it can be seen what follows.
    private static VerdictFilter Deciding(MilterStages stage, Verdict verdict)
    {
        bool isDecided = false;
        return new VerdictFilter(
            at =>
            {
                bool now = at == stage && !isDecided;
                isDecided |= now;
                return now ? verdict : Verdict.Continue;
            },
            new Journal());
    }
}
