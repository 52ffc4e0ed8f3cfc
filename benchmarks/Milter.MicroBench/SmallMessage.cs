using System.Text;
using Milter.Protocol;

namespace Milter.MicroBench;

/// <summary>What Postfix sends for a message of 12 header fields and 2 KiB, less the steps that were switched off.</summary>
internal static class SmallMessage
{
    private static readonly KeyValuePair<string, string>[] s_queueId = [KeyValuePair.Create("i", "4D5C6B7A8Z")];

    public static void WriteSession(FrameBuffer frames, ProtocolSteps off)
    {
        CommandWriter.Macros(frames, MilterCommand.Connect, [KeyValuePair.Create("j", "mx.example.net"), KeyValuePair.Create("{daemon_name}", "mx.example.net")]);
        if (Sends(off, ProtocolSteps.NoConnect))
        {
            CommandWriter.Connect(frames, "relay.example.org"u8, ClientFamily.IPv4, 50_000, "198.51.100.7"u8);
        }

        if (Sends(off, ProtocolSteps.NoHelo))
        {
            CommandWriter.Helo(frames, "relay.example.org");
        }
    }

    public static void Write(FrameBuffer frames, ProtocolSteps off)
    {
        CommandWriter.Macros(frames, MilterCommand.Mail, [KeyValuePair.Create("{mail_addr}", "writer@example.org"), KeyValuePair.Create("{mail_mailer}", "smtp")]);
        if (Sends(off, ProtocolSteps.NoMail))
        {
            CommandWriter.Mail(frames, "<writer@example.org>", "SIZE=4096");
        }

        CommandWriter.Macros(frames, MilterCommand.Rcpt, [.. s_queueId, KeyValuePair.Create("{rcpt_addr}", "user0@example.net")]);
        if (Sends(off, ProtocolSteps.NoRcpt))
        {
            CommandWriter.Rcpt(frames, "<user0@example.net>");
        }

        CommandWriter.Macros(frames, MilterCommand.Data, s_queueId);
        if (Sends(off, ProtocolSteps.NoData))
        {
            CommandWriter.Data(frames);
        }

        for (int i = 0; i < 12 && Sends(off, ProtocolSteps.NoHeaders); i++)
        {
            CommandWriter.Macros(frames, MilterCommand.Header, s_queueId);
            CommandWriter.Header(frames, i == 6 ? "Subject" : $"X-Filler-{i}", "Minutes of the meeting on Thursday");
        }

        CommandWriter.Macros(frames, MilterCommand.EndOfHeaders, s_queueId);
        if (Sends(off, ProtocolSteps.NoEndOfHeaders))
        {
            CommandWriter.EndOfHeaders(frames);
        }

        if (Sends(off, ProtocolSteps.NoBody))
        {
            CommandWriter.Macros(frames, MilterCommand.Body, s_queueId);
            CommandWriter.Body(frames, Encoding.ASCII.GetBytes(new string('x', 2_048)));
        }

        CommandWriter.Macros(frames, MilterCommand.EndOfMessage, s_queueId);
        CommandWriter.EndOfMessage(frames);
        CommandWriter.Abort(frames);
    }

    private static bool Sends(ProtocolSteps off, ProtocolSteps step) => (off & step) == 0;
}
