using System.Text;
using Milter.Client;
using Milter.Protocol;

namespace Milter.Tool;

/// <summary>What no MTA does: port scanners, broken networks, programs with errors. After each the filter has to serve others.</summary>
internal static class HostileCases
{
    public static IReadOnlyList<CheckCase> All { get; } =
    [
        Case("scan", "A connection that is closed at once", "serves others as before", async talk =>
        {
            await talk.OpenAsync();
            await talk.HangUpAsync();
        }),
        Case("half", "Half a packet, and the peer is gone", "serves others as before", async talk =>
        {
            await talk.OpenAsync();
            await talk.SendRawAsync(new byte[] { 0, 0, 0, 13, (byte)'O', 0 });
            await talk.HangUpAsync();
        }),
        Closes("http", "An HTTP request", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray()),
        Closes("length-0", "A packet of length 0", [0, 0, 0, 0]),
        Closes("length-huge", "A packet that says it is 2 GB long", [0x7f, 0xff, 0xff, 0xff, (byte)'O']),
        Closes("length-negative", "A packet that says it is 4 GB long", [0xff, 0xff, 0xff, 0xff, (byte)'O', 0, 0, 0, 6]),
        Closes("unnegotiated-garbage", "An unknown packet before the negotiation", [0, 0, 0, 1, (byte)'~']),
        Closes("short-negotiation", "A negotiation that is cut short", [0, 0, 0, 5, (byte)'O', 0, 0, 0, 6]),
        Answers("no-negotiation", "HELO before the negotiation", negotiate: false, talk => CommandWriter.Helo(talk.Output, "client.example.test"), MilterCommand.Helo),
        Answers("unknown-packet", "An unknown packet in a session", negotiate: true, talk => talk.Output.WriteFrame((byte)'~', "what?\0"u8), null),
        Answers("rcpt-first", "RCPT without MAIL", negotiate: true, talk => CommandWriter.Rcpt(talk.Output, "<ann@example.net>"), MilterCommand.Rcpt),
        Answers("eom-first", "The end of a message that has not begun", negotiate: true, talk => CommandWriter.EndOfMessage(talk.Output), MilterCommand.EndOfMessage),
        Answers("no-nul", "MAIL without its NUL", negotiate: true, talk => talk.Output.WriteFrame((byte)'M', "<joe@example.test>"u8), MilterCommand.Mail),
        Answers("no-macro-code", "A macro packet without anything, then MAIL", negotiate: true, talk =>
        {
            talk.Output.WriteFrame((byte)'D', default);
            CommandWriter.Mail(talk.Output, "<joe@example.test>");
        }, MilterCommand.Mail),
        Answers("bad-connect", "CONNECT of a family that does not exist", negotiate: true, talk => talk.Output.WriteFrame((byte)'C', "x\0Z\0\x19host\0"u8), MilterCommand.Connect, connects: false),
        Case("negotiation-twice", "A second negotiation", "answers it, or closes: an MTA must not wait", async talk =>
        {
            await talk.NegotiateAsync();
            CommandWriter.OptNeg(talk.Output, 6, MilterActions.All, (ProtocolSteps)0x1FFFFF);
            await talk.SendAsync();
            await NotSilentAsync(talk, "a second negotiation");
        }),
    ];

    /// <summary>Garbage at the very beginning: nothing can be answered.</summary>
    private static CheckCase Closes(string id, string title, byte[] bytes) => Case(id, title, "closes the connection, without an answer and without taking memory for it", async talk =>
    {
        await talk.OpenAsync();
        await talk.SendRawAsync(bytes);
        WirePacket packet = await talk.TryReadAsync();
        throw packet.Status switch
        {
            WireStatus.Closed => new CheckException(CheckOutcome.Passed, ""),
            WireStatus.Silent => CheckTalk.Warn("keeps the connection open, waiting for more"),
            _ => CheckTalk.Fail($"answers {Encoding.Latin1.GetString([packet.Code, .. packet.Payload])}"),
        };
    });

    /// <summary>Out of order: an answer or a close, but no silence.</summary>
    private static CheckCase Answers(string id, string title, bool negotiate, Action<CheckTalk> write, MilterCommand? command, bool connects = true) =>
        Case(id, title, "answers, or closes the connection: an MTA must not wait for a reply that never comes", async talk =>
        {
            if (negotiate)
            {
                await talk.NegotiateAsync();
                if (command is { } asked && asked != MilterCommand.EndOfMessage && !talk.IsAnswered(asked))
                {
                    throw CheckTalk.Skip($"it has {WireNames.Of(asked)} not answered");
                }

                if (connects)
                {
                    await talk.ConnectAsync();
                }
            }
            else
            {
                await talk.OpenAsync();
            }

            write(talk);
            if (command is null)
            {
                // It needs no answer; what comes next does.
                CommandWriter.EndOfMessage(talk.Output);
            }

            await talk.SendAsync();
            await NotSilentAsync(talk, title);
        });

    private static async Task NotSilentAsync(CheckTalk talk, string what)
    {
        if (await talk.TryReadAsync() is { Status: WireStatus.Silent })
        {
            // No MTA of today says that, and filters on libmilter are silent there.
            throw CheckTalk.Warn($"is silent after this: {what}");
        }
    }

    private static CheckCase Case(string id, string title, string correct, Func<CheckTalk, Task> run) => new(id, true, title, correct, run);
}
