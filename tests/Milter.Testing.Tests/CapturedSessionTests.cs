using System.Net;
using Milter.Client;
using Milter.Protocol;

namespace Milter.Testing.Tests;

/// <summary>The personalities tell a session, packet for packet, as the real MTAs told it: refusals, RSET, a new HELO within a message, unknown commands, DISCARD, two messages.</summary>
public class CapturedSessionTests
{
    private const string Fields = "From: a@example.test\nTo: b@example.test\nDate: Thu, 1 Jan 2026 00:00:00 +0000\n";

    [Theory]
    [InlineData("Postfix", "postfix-3.7.11", "discard", null, "[127.0.0.1]")]
    [InlineData("Sendmail", "sendmail-8.17.1.9", "relay", "[127.0.0.1]", "localhost")]
    public async Task Every_packet_is_as_captured(string mta, string file, string mailer, string? host, string name)
    {
        MilterRecording captured = MilterRecording.Load(Path.Combine(AppContext.BaseDirectory, "Captured", file + ".milter"));
        var told = new MilterRecording();
        var options = new MilterClientOptions { Personality = MtaPersonality.Both.Single(one => one.Name == mta), Trace = told.Add };
        var session = new SmtpSession(SmtpClientInfo.At("127.0.0.1", name[0] == '[' ? null : name, 1234))
        {
            HeloName = "client.example.test",
            ServerName = "mx.example.net",
            ServerAddress = IPAddress.Loopback,
            // What the capturing MTA's own configuration said.
            Macros = { ["mail_mailer"] = mailer, ["rcpt_mailer"] = mailer, ["if_name"] = "localhost" },
        };
        if (host is not null)
        {
            session.Macros["mail_host"] = session.Macros["rcpt_host"] = host;
        }

        await using MilterConnection milter = await MilterConnection.OpenAsync(new CapturedFilter(captured), options);
        await PlayAsync(milter, session, mta == "Postfix" ? "FOO" : "FOO bar");

        Assert.Equal(string.Join('\n', captured.Frames), string.Join('\n', told.Frames));
    }

    private static async Task PlayAsync(MilterConnection milter, SmtpSession session, string unknown)
    {
        await milter.ConnectAsync(session);
        await milter.HeloAsync();
        await milter.FilterAsync(Message(Fields + "Message-ID: <1@x>\nSubject: one\n two\nX-Probe-Do: insert 0 X-Top v\n\nbody\n.dot\n", "b@example.test", "c@example.test"));

        await milter.MailAsync(Message(""));
        await milter.RcptAsync("b@example.test");
        await milter.AbortAsync();
        await milter.UnknownAsync(unknown);

        MilterOutcome refused = await milter.FilterAsync(Message(Fields + "Message-ID: <2@x>\nX-Probe-Verdict: header=reject\n\n", "b@example.test", "reject@rcpt.probe.test"));
        Assert.Equal((MilterVerdict.Reject, MilterCommand.Header), (refused.Verdict, refused.DecidedAt));

        await milter.MailAsync(Message(""));
        await milter.HeloAsync("again.test");
        await milter.FilterAsync(Message(Fields + "Message-ID: <3@x>\n\n", "discard@rcpt.probe.test"));
        await milter.FilterAsync(Message(Fields + "\n", "reject@rcpt.probe.test"));
        await milter.QuitAsync();
    }

    private static MailTransaction Message(string content, params string[] recipients)
    {
        var message = new MailTransaction { Sender = new MailPath("a@example.test", "SIZE=500"), Content = MailContent.Parse(content), QueueId = "Q1" };
        foreach (string recipient in recipients)
        {
            message.Recipients.Add(recipient);
        }

        return message;
    }

    /// <summary>Answers as the captured filter did.</summary>
    private sealed class CapturedFilter(MilterRecording captured) : MemoryStream
    {
        private readonly Queue<RecordedFrame> _answers = new(captured.Frames.Where(frame => frame.FromFilter));

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => default;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!_answers.TryDequeue(out RecordedFrame? answer))
            {
                return new ValueTask<int>(0);
            }

            using var frame = new FrameBuffer();
            frame.WriteFrame(answer.Code, answer.Payload.Span);
            frame.WrittenSpan.CopyTo(buffer.Span);
            return new ValueTask<int>(frame.Length);
        }
    }
}
