namespace Milter.Protocol.Tests;

/// <summary>How each golden vector is written through the public encoders, by its id.</summary>
internal static class GoldenEncoders
{
    private const MilterActions AllActions = MilterActions.All;

    public static IReadOnlyDictionary<string, Action<FrameBuffer>> Table { get; } = new Dictionary<string, Action<FrameBuffer>>
    {
        ["V01"] = b => CommandWriter.OptNeg(b, 6, AllActions, (ProtocolSteps)0x1FFFFF),
        ["V02"] = b => CommandWriter.OptNeg(b, 2, AllActions, (ProtocolSteps)0x7F),
        ["V03"] = b => CommandWriter.OptNeg(b, 3, AllActions, (ProtocolSteps)0x17F),
        ["V04"] = b => CommandWriter.OptNeg(b, 4, AllActions, (ProtocolSteps)0x37F),
        ["V05"] = b => CommandWriter.OptNeg(b, 2, AllActions, (ProtocolSteps)0xFF),
        ["V06"] = b => ReplyWriter.OptNeg(b, 6, AllActions, ProtocolSteps.Skip),
        ["V07"] = b => ReplyWriter.OptNeg(b, 6, MilterActions.AddHeaders, (ProtocolSteps)0x37F),
        ["V08"] = b => ReplyWriter.OptNeg(b, 2, MilterActions.AddHeaders, (ProtocolSteps)0x7F),
        ["V09"] = b => ReplyWriter.OptNeg(b, 6, AllActions, ProtocolSteps.Skip,
        [
            new(MacroStage.EndOfHeaders, ""), new(MacroStage.EndOfMessage, "i"),
            new(MacroStage.Mail, "{mail_addr}"), new(MacroStage.Connect, "j {client_addr}"),
        ]),
        ["V10"] = b => CommandWriter.Macros(b, MilterCommand.Connect,
        [
            new("j", "mx.example.test"), new("{daemon_name}", "mx.example.test"), new("{daemon_addr}", "127.0.0.1"),
            new("v", "Postfix 3.7.11"), new("_", "localhost [127.0.0.1]"),
        ]),
        ["V11"] = b => CommandWriter.Macros(b, MilterCommand.Connect,
        [
            new("j", "mx.example.test"), new("_", "localhost [127.0.0.1]"), new("{daemon_name}", "MTA-v4"), new("{if_name}", "localhost"),
        ]),
        ["V12"] = b => CommandWriter.Connect(b, "localhost", ClientFamily.IPv4, 43826, "127.0.0.1"),
        ["V13"] = b => CommandWriter.Connect(b, "[192.0.2.7]"u8, ClientFamily.IPv4, 1234, "192.0.2.7"u8),
        ["V14"] = b => CommandWriter.Connect(b, "[::1]"u8, ClientFamily.IPv6, 40676, "::1"u8),
        ["V15"] = b => CommandWriter.Connect(b, "host.example.org", ClientFamily.IPv6, 25, "2001:db8::25"),
        ["V16"] = b => CommandWriter.Connect(b, "[IPv6:0:0:0:0:0:0:0:1]"u8, ClientFamily.IPv6, 35218, "IPv6:0:0:0:0:0:0:0:1"u8),
        ["V17"] = b => CommandWriter.Connect(b, "localhost"u8, ClientFamily.Unknown, 0, ""u8),
        ["V18"] = b => CommandWriter.Connect(b, "localhost"u8, ClientFamily.IPv4, 0, "127.0.0.1"u8),
        ["V19"] = b => CommandWriter.Connect(b, "localhost", ClientFamily.Unix, 0, "/run/x"),
        ["V20"] = b => CommandWriter.Macros(b, MilterCommand.Helo, []),
        ["V21"] = b => CommandWriter.BeginMacros(b, MilterCommand.Unknown),
        ["V22"] = b => CommandWriter.Helo(b, "client.example.test"),
        ["V23"] = b => CommandWriter.Unknown(b, "FOO"),
        ["V24"] = b => CommandWriter.Unknown(b, "FOO bar baz"u8),
        ["V25"] = b => CommandWriter.Mail(b, "<a@example.test>"u8, "SIZE=100 BODY=8BITMIME RET=HDRS ENVID=x1"u8),
        ["V26"] = b => CommandWriter.Mail(b, "<>"),
        ["V27"] = b => CommandWriter.Mail(b, ""u8),
        ["V28"] = b => CommandWriter.Mail(b, "u@example.test"u8),
        ["V29"] = b => WriteMacros(b, MilterCommand.Mail, "{mail_addr}", "", "{mail_host}", "mx.example.test", "{mail_mailer}", "discard"),
        ["V30"] = b => CommandWriter.Rcpt(b, "<b@example.test>", "NOTIFY=SUCCESS,FAILURE", "ORCPT=rfc822;b@example.test"),
        ["V31"] = b => WriteMacros(b, MilterCommand.Rcpt, "i", "5B2F010A045", "{rcpt_addr}", "c@example.test", "{rcpt_host}", "example.test", "{rcpt_mailer}", "discard"),
        ["V32"] = b => WriteMacros(b, MilterCommand.Data, "i", "5B2F010A045"),
        ["V33"] = CommandWriter.Data,
        ["V34"] = b => WriteMacros(b, MilterCommand.Header, "i", "5B2F010A045"),
        ["V35"] = b => CommandWriter.Header(b, "Subject", "hi"),
        ["V36"] = b => CommandWriter.Header(b, "X-Two"u8, " two spaces"u8),
        ["V37"] = b => CommandWriter.Header(b, "X-Tab"u8, "\ttab"u8),
        ["V38"] = b => CommandWriter.Header(b, "X-Fold", "a\n b\n\tc"),
        ["V39"] = b => CommandWriter.Header(b, "X-Empty", ""),
        ["V40"] = CommandWriter.EndOfHeaders,
        ["V41"] = b => WriteMacros(b, MilterCommand.Body, "i", "5B2F010A045"),
        ["V42"] = b => CommandWriter.Body(b, "body line 1\r\n.dot\r\nlast\r\n"u8),
        ["V43"] = b => WriteMacros(b, MilterCommand.EndOfMessage, "{msg_id}", "<202611220705.6AM75bTk019025@mx.example.test>"),
        ["V44"] = CommandWriter.EndOfMessage,
        ["V45"] = CommandWriter.Abort,
        ["V46"] = CommandWriter.Quit,
        ["V47"] = CommandWriter.QuitNewConnection,
        ["V48"] = b => ReplyWriter.Write(b, MilterReply.Continue),
        ["V49"] = b => ReplyWriter.Write(b, MilterReply.Accept),
        ["V50"] = b => ReplyWriter.Write(b, MilterReply.Discard),
        ["V51"] = b => ReplyWriter.Write(b, MilterReply.Reject),
        ["V52"] = b => ReplyWriter.Write(b, MilterReply.TempFail),
        ["V53"] = b => ReplyWriter.Write(b, MilterReply.Skip),
        ["V54"] = ReplyWriter.Progress,
        ["V55"] = b => ReplyWriter.ReplyCode(b, ReplyText.Encode(550, "5.7.1", "nope")),
        ["V56"] = b => ReplyWriter.ReplyCode(b, ReplyText.Encode(550, "5.7.1", "l1", "l2", "l3")),
        ["V57"] = b => ReplyWriter.ReplyCode(b, ReplyText.Encode(450, null, "l1", "l2")),
        ["V58"] = b => ReplyWriter.ReplyCode(b, ReplyText.Encode(550, null, "text only")),
        ["V59"] = b => ReplyWriter.ReplyCode(b, ReplyText.Encode(550, null, "")),
        ["V60"] = b => ReplyWriter.ReplyCode(b, ReplyText.Encode(451, "4.7.1", "100% busy")),
        ["V61"] = b => ReplyWriter.AddHeader(b, "X-Add"u8, "v"u8),
        ["V62"] = b => ReplyWriter.AddHeader(b, "X-Emp", ""),
        ["V63"] = b => ReplyWriter.InsertHeader(b, 1, "X-Ins", "v\n w"),
        ["V64"] = b => ReplyWriter.ChangeHeader(b, 1, "Subject", "new"),
        ["V65"] = b => ReplyWriter.ChangeHeader(b, 2, "X-Del"u8, ""u8),
        ["V66"] = b => ReplyWriter.ChangeSender(b, "<new@x>"),
        ["V67"] = b => ReplyWriter.ChangeSender(b, "<new@x>"u8, "RET=HDRS ENVID=1"u8),
        ["V68"] = b => ReplyWriter.AddRecipient(b, "<a@x>"),
        ["V69"] = b => ReplyWriter.AddRecipientWithArguments(b, "<a@x>"u8, ""u8),
        ["V70"] = b => ReplyWriter.AddRecipientWithArguments(b, "<a@x>", "NOTIFY=NEVER"),
        ["V71"] = b => ReplyWriter.DeleteRecipient(b, "<d@x>"),
        ["V72"] = b => ReplyWriter.ReplaceBody(b, "new body\r\n"u8),
        ["V73"] = b => ReplyWriter.ReplaceBody(b, ""u8),
        ["V74"] = b => ReplyWriter.Quarantine(b, "why not"),
        ["V75"] = b => CommandWriter.Body(b, GoldenVectors.Filler(65_535)),
        ["V76"] = b => ReplyWriter.ReplaceBody(b, GoldenVectors.Filler(70_000)),
    };

    private static void WriteMacros(FrameBuffer buffer, MilterCommand command, params string[] namesAndValues)
    {
        MacroFrame frame = CommandWriter.BeginMacros(buffer, command);
        for (int i = 0; i < namesAndValues.Length; i += 2)
        {
            frame.Add(namesAndValues[i], namesAndValues[i + 1]);
        }
    }
}
