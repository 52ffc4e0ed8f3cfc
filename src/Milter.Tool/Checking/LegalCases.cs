using Milter.Protocol;

namespace Milter.Tool;

/// <summary>What MTAs do, some of it seldom.</summary>
internal static class LegalCases
{
    private static readonly (string, string)[] s_odd =
    [
        ("Subject", "caf\u00e9 \udcff\udcfe"), ("X-Empty", ""), ("X-Folded", "one\n\ttwo\n three"), ("x-long", new string('x', 60_000)), ("X-Percent", "100%s %n"),
    ];

    public static IReadOnlyList<CheckCase> All { get; } =
    [
        Case("negotiation", "An MTA offers everything of version 6", "answers with a version of 2 to 6, and asks for nothing that was not offered", talk => talk.NegotiateAsync()),
        Case("negotiation-2", "An MTA offers version 2 alone", "speaks version 2, or closes the connection", async talk =>
        {
            await talk.NegotiateLessAsync(2, MilterActions.All, (ProtocolSteps)0x7F);
            await SessionAsync(talk);
        }),
        Case("negotiation-less", "An MTA offers fewer actions", "asks for those alone, or closes the connection", talk => talk.NegotiateLessAsync(6, MilterActions.AddHeaders, (ProtocolSteps)0x1FFFFF)),
        Case("message", "A session with a message", "one verdict for each step that has a reply, legal there; modifications only at the end, and only negotiated ones", async talk =>
        {
            await talk.NegotiateAsync();
            await SessionAsync(talk);
        }),
        Case("two-messages", "The same message twice in a session", "the same answer twice: nothing of a message is left for the next one", async talk =>
        {
            await talk.NegotiateAsync();
            await talk.ConnectAsync();
            string first = await talk.MessageAsync();
            string second = await talk.MessageAsync();
            if (first != second)
            {
                throw CheckTalk.Warn($"answers the first with {first}, the second with {second}; fine only if that is meant");
            }

            await talk.QuitAsync();
        }),
        Case("abort", "RSET after RCPT, twice, and another message", "no answer to ABORT; the next message is a new one", async talk =>
        {
            await talk.NegotiateAsync();
            await talk.ConnectAsync();
            await talk.MailAsync();
            await talk.RcptAsync();
            CommandWriter.Abort(talk.Output);
            CommandWriter.Abort(talk.Output);
            await talk.MessageAsync();
            await talk.QuitAsync();
        }),
        Case("empty", "A message without header and body", "takes it", talk => SessionAsync(talk, [], [])),
        Case("odd-headers", "Bytes that are no text, an empty value, folds, a line of 60,000 bytes", "takes them", talk => SessionAsync(talk, s_odd)),
        Case("large", "A body of 1 MB", "takes it", talk => SessionAsync(talk, null, [.. Enumerable.Range(0, 1 << 20).Select(i => (byte)(i % 78 == 76 ? '\r' : i % 78 == 77 ? '\n' : 'x'))])),
        Case("null-sender", "A bounce: the sender is <>", "takes it", async talk =>
        {
            await talk.NegotiateAsync();
            await talk.ConnectAsync();
            await talk.MessageAsync(sender: "<>");
            await talk.QuitAsync();
        }),
        Case("many-recipients", "200 recipients", "a verdict for each", async talk =>
        {
            await talk.NegotiateAsync();
            await talk.ConnectAsync();
            await talk.MessageAsync(recipients: 200);
            await talk.QuitAsync();
        }),
        Case("helo-twice", "A second HELO, as after STARTTLS", "takes it", async talk =>
        {
            await talk.NegotiateAsync();
            await talk.ConnectAsync();
            await talk.HeloAsync();
            await talk.MessageAsync();
            await talk.QuitAsync();
        }),
        Case("no-helo", "A message without HELO: local mail, Stalwart", "takes it", async talk =>
        {
            await talk.NegotiateAsync();
            await talk.StepAsync(MilterCommand.Connect, output => CommandWriter.Connect(output, "localhost", ClientFamily.IPv4, 0, "127.0.0.1"));
            await talk.MessageAsync();
            await talk.QuitAsync();
        }),
        Case("unknown-client", "A client of which nothing is known", "takes it", async talk =>
        {
            await talk.NegotiateAsync();
            await talk.StepAsync(MilterCommand.Connect, output => CommandWriter.Connect(output, "unknown", ClientFamily.Unknown, 0, ""));
            await talk.HeloAsync();
            await talk.MessageAsync();
            await talk.QuitAsync();
        }),
        Case("unix-client", "A client at a unix socket", "takes it", async talk =>
        {
            await talk.NegotiateAsync();
            await talk.StepAsync(MilterCommand.Connect, output => CommandWriter.Connect(output, "localhost", ClientFamily.Unix, 0, "/run/client.sock"));
            await talk.HeloAsync();
            await talk.MessageAsync();
            await talk.QuitAsync();
        }),
        Case("ipv6", "A client with an IPv6 address, in Sendmail's spelling", "takes it", async talk =>
        {
            await talk.NegotiateAsync();
            await talk.StepAsync(MilterCommand.Connect, output => CommandWriter.Connect(output, "six.example.test", ClientFamily.IPv6, 25, "IPv6:2001:db8:0:0:0:0:0:25"));
            await talk.HeloAsync();
            await talk.MessageAsync();
            await talk.QuitAsync();
        }),
        Case("unknown-command", "An SMTP command that nobody knows, between messages", "never ACCEPT or DISCARD: Postfix's smtpd panics", async talk =>
        {
            await talk.NegotiateAsync();
            if (!talk.IsSent(MilterCommand.Unknown))
            {
                throw CheckTalk.Skip("it has UNKNOWN not sent");
            }

            await talk.ConnectAsync();
            await talk.StepAsync(MilterCommand.Unknown, output => CommandWriter.Unknown(output, "FOO bar"));
            await talk.MessageAsync();
            await talk.QuitAsync();
        }),
        Case("macros", "Macro packets without macros, with odd ones, for every step", "no answer to them", async talk =>
        {
            await talk.NegotiateAsync();
            await talk.ConnectAsync();
            foreach (char command in "CHMRTLNBEU")
            {
                talk.Output.WriteFrame((byte)'D', [(byte)command]);
                talk.Output.WriteFrame((byte)'D', [(byte)command, .. "{x}\0\0i\0Q1\0"u8]);
            }

            await talk.MessageAsync();
            await talk.QuitAsync();
        }),
        Case("byte-by-byte", "Each byte in a packet of its own", "waits for the whole, as a network may cut anywhere", async talk =>
        {
            await talk.OpenAsync();
            CommandWriter.OptNeg(talk.Output, 6, MilterActions.All, (ProtocolSteps)0x1FFFFF);
            await talk.SendAsync(chunk: 1);
            await talk.ReadAsync("the negotiation");
            CommandWriter.Quit(talk.Output);
            await talk.SendAsync(chunk: 1);
            await talk.DrainAsync("QUIT");
        }),
        Case("quit", "QUIT after a message", "closes the connection, and says nothing", async talk =>
        {
            await talk.NegotiateAsync();
            await talk.ConnectAsync();
            await talk.MessageAsync();
            CommandWriter.Quit(talk.Output);
            await talk.SendAsync();
            if (await talk.DrainAsync("QUIT"))
            {
                throw CheckTalk.Warn("answers QUIT before it closes; MTAs don't read that any more");
            }
        }),
        Case("no-quit", "The MTA hangs up in the middle of a message", "serves others as before", async talk =>
        {
            await talk.NegotiateAsync();
            await talk.ConnectAsync();
            await talk.MailAsync();
            await talk.SendAsync();
            await talk.HangUpAsync();
        }),
        Case("sessions", "20 sessions at a time", "answers each, whatever the others do", async talk =>
        {
            await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
            {
                await using CheckTalk another = talk.Another();
                await SessionAsync(another);
            }));
        }),
        Case("quit-nc", "QUIT_NC and another session on the same connection", "takes it; no MTA of today does that", async talk =>
        {
            await talk.NegotiateAsync();
            if (talk.Version < 6)
            {
                throw CheckTalk.Skip("its version does not have it");
            }

            await talk.ConnectAsync();
            if (await talk.MessageAsync() is var answer && !answer.StartsWith("CONTINUE", StringComparison.Ordinal))
            {
                throw CheckTalk.Skip("libraries take it only after CONTINUE at EOM");
            }

            CommandWriter.QuitNewConnection(talk.Output);
            try
            {
                await talk.ConnectAsync();
                await talk.MessageAsync();
            }
            catch (CheckException exception)
            {
                throw CheckTalk.Warn(exception.Message);
            }

            await talk.QuitAsync();
        }),
    ];

    private static async Task SessionAsync(CheckTalk talk, (string, string)[]? headers = null, byte[]? body = null)
    {
        if (talk.Agreement.Length == 0)
        {
            await talk.NegotiateAsync();
        }

        await talk.ConnectAsync();
        await talk.MessageAsync(headers, body);
        await talk.QuitAsync();
    }

    private static CheckCase Case(string id, string title, string correct, Func<CheckTalk, Task> run) => new(id, false, title, correct, run);
}
