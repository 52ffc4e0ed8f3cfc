using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Milter.Protocol;

namespace Milter.Generators.Tests.Infrastructure;

/// <summary>Plays one SMTP session with two messages to a milter, and writes down what it answers.</summary>
/// <remarks>
/// As an MTA does: steps that were waived are not sent, replies that were waived are not waited for, and a verdict ends what it ends.
/// One line a step that got more than Continue, and one for each change: <c>EOM: + X-Seen: 2</c>.
/// </remarks>
internal sealed class ScriptedMta(Stream stream, (string Name, string Value)[] more)
{
    private readonly FrameBuffer _out = new();
    private readonly List<string> _log = [];
    private ProtocolSteps _steps;

    /// <param name="port">The milter's.</param>
    /// <param name="more">Header fields of each message beside its own, which come last.</param>
    public static async Task<IReadOnlyList<string>> RunAsync(int port, params (string Name, string Value)[] more)
    {
        using var client = new TcpClient { ReceiveTimeout = 10_000 };
        await client.ConnectAsync("127.0.0.1", port);
        var mta = new ScriptedMta(client.GetStream(), more);
        mta.Session();
        return mta._log;
    }

    private void Session()
    {
        CommandWriter.OptNeg(_out, 6, (MilterActions)0x1ff, (ProtocolSteps)0x1f_ffff);
        Flush();
        byte[] answer = Read(out _);
        _steps = (ProtocolSteps)BinaryPrimitives.ReadUInt32BigEndian(answer.AsSpan(8));

        Macros(MilterCommand.Connect, ("j", "mx.example.net"), ("{daemon_name}", "smtpd"));
        bool filtered = Step("CONNECT", ProtocolSteps.NoConnect, ProtocolSteps.NoReplyConnect, b => CommandWriter.Connect(b, "client.example.org", ClientFamily.IPv4, 4711, "192.0.2.1"))
            && Step("HELO", ProtocolSteps.NoHelo, ProtocolSteps.NoReplyHelo, b => CommandWriter.Helo(b, "client.example.org"));
        if (filtered)
        {
            Step("UNKNOWN", ProtocolSteps.NoUnknown, ProtocolSteps.NoReplyUnknown, b => CommandWriter.Unknown(b, "XYZZY"));
            Message("Hello", "yes", 2);
            Message("Again", null, 1);
        }

        CommandWriter.Quit(_out);
        Flush();
    }

    private void Message(string subject, string? spam, int recipients)
    {
        Macros(MilterCommand.Mail, ("i", "4QUEUE"), ("{auth_authen}", "alice"), ("{mail_addr}", "alice@example.org"));
        if (!Step("MAIL", ProtocolSteps.NoMail, ProtocolSteps.NoReplyMail, b => CommandWriter.Mail(b, "<alice@example.org>", "SIZE=100")))
        {
            return;
        }

        int taken = 0;
        for (int i = 0; i < recipients; i++)
        {
            string to = i == 0 ? "bob@example.net" : "carol@example.com";
            Macros(MilterCommand.Rcpt, ("{rcpt_addr}", to));
            taken += Step("RCPT", ProtocolSteps.NoRcpt, ProtocolSteps.NoReplyRcpt, b => CommandWriter.Rcpt(b, $"<{to}>")) ? 1 : 0;
        }

        bool filtered = taken > 0
            && Step("DATA", ProtocolSteps.NoData, ProtocolSteps.NoReplyData, CommandWriter.Data)
            && Header("From", "Alice <alice@example.org>")
            && Header("Subject", subject)
            && (spam is null || Header("X-Spam", spam))
            && more.All(field => Header(field.Name, field.Value))
            && Step("EOH", ProtocolSteps.NoEndOfHeaders, ProtocolSteps.NoReplyEndOfHeaders, CommandWriter.EndOfHeaders)
            && Chunk("one\r\n")
            && Chunk("two\r\n")
            && Step("EOM", 0, 0, CommandWriter.EndOfMessage);
        _ = filtered;
        CommandWriter.Abort(_out);
        Flush();
    }

    private bool Header(string name, string value) => Step("HEADER", ProtocolSteps.NoHeaders, ProtocolSteps.NoReplyHeader, b => CommandWriter.Header(b, name, value));

    private bool Chunk(string text) => Step("BODY", ProtocolSteps.NoBody, ProtocolSteps.NoReplyBody, b => CommandWriter.Body(b, Encoding.ASCII.GetBytes(text)));

    /// <summary>Sends a step, and says whether the message or session goes on being filtered.</summary>
    private bool Step(string name, ProtocolSteps notSent, ProtocolSteps noReply, Action<FrameBuffer> write)
    {
        if (notSent != 0 && (_steps & notSent) != 0)
        {
            return true;
        }

        write(_out);
        Flush();
        if (noReply != 0 && (_steps & noReply) != 0)
        {
            return true;
        }

        while (true)
        {
            byte[] payload = Read(out MilterReply reply);
            string text = Text(payload);
            switch (reply)
            {
                case MilterReply.Continue or MilterReply.Skip:
                    if (reply == MilterReply.Skip)
                    {
                        _log.Add($"{name}: Skip");
                    }

                    return true;
                case MilterReply.Accept or MilterReply.Discard or MilterReply.Reject or MilterReply.TempFail or MilterReply.ReplyCode:
                    _log.Add($"{name}: {reply} {text}".TrimEnd());
                    return name == "UNKNOWN";
                case MilterReply.Progress:
                    break;
                case MilterReply.InsertHeader or MilterReply.ChangeHeader:
                    _log.Add($"{name}: {reply} {Text(payload.AsSpan(4))}");
                    break;
                default:
                    _log.Add($"{name}: {reply} {text}");
                    break;
            }
        }
    }

    private void Macros(MilterCommand command, params (string Name, string Value)[] macros) =>
        CommandWriter.Macros(_out, command, [.. macros.Select(macro => KeyValuePair.Create(macro.Name, macro.Value))]);

    private static string Text(ReadOnlySpan<byte> payload) => Encoding.UTF8.GetString(payload).TrimEnd('\0').Replace('\0', '|').ReplaceLineEndings("\\n");

    private void Flush()
    {
        stream.Write(_out.WrittenSpan);
        _out.Clear();
    }

    private byte[] Read(out MilterReply reply)
    {
        Span<byte> head = stackalloc byte[5];
        stream.ReadExactly(head);
        reply = (MilterReply)head[4];
        byte[] payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) - 1];
        stream.ReadExactly(payload);
        return payload;
    }
}
