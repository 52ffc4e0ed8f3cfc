using Milter.Client;
using Milter.Protocol;

namespace Milter.Testing.Tests;

public class RecordingTests
{
    [Fact]
    public async Task A_recorded_session_is_replayed()
    {
        MilterRecording recording = await RecordAsync(RecordingParts.All);
        await using var host = new MilterTestHost<Editing>();

        MilterRecording again = MilterRecording.Parse(recording.ToString());

        Assert.Equal(recording.ToString(), again.ToString());
        (await host.ReplayAsync(again)).AssertSame();
    }

    [Fact]
    public async Task A_filter_that_answers_otherwise_is_shown_by_its_packets()
    {
        MilterRecording recording = MilterRecording.Parse((await RecordAsync(RecordingParts.All)).ToString().Replace("X-End\\0last", "X-End\\0first", StringComparison.Ordinal));
        await using var host = new MilterTestHost<Editing>();

        var failure = Assert.Throws<MilterAssertionException>((await host.ReplayAsync(recording)).AssertSame);

        Assert.Contains("\n-< i ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("X-End\\0first", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_to_be_kept_is_not_in_the_file()
    {
        MilterRecording recording = await RecordAsync(RecordingParts.None);
        string text = recording.ToString();

        Assert.DoesNotContain("elsewhere", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("192.0.2.7", text, StringComparison.Ordinal);
        Assert.Contains("> L Subject\\0xxxxxx 00\\0", text, StringComparison.Ordinal);
        Assert.Contains("< b *10", text, StringComparison.Ordinal);
        await using var host = new MilterTestHost<BodyReader>();
        ReplayResult replayed = await host.ReplayAsync(recording);
        Assert.DoesNotContain("\n-> ", "\n" + replayed.Difference, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("> B *12")]
    [InlineData("> B \\x2a12")]
    [InlineData("< c")]
    [InlineData("> L Subject\\0a\\n\\tb \\\\ \\xe4\\0 \\0a\\x20")]
    public void A_line_reads_back_as_it_was_written(string line) => Assert.Equal(line, RecordedFrame.Parse(line).ToString());

    private static async Task<MilterRecording> RecordAsync(RecordingParts keep)
    {
        await using MilterServer server = await MilterServer.StartAsync<Editing>("inet:0@127.0.0.1");
        var recording = new MilterRecording(keep);
        await using var client = new MilterClient(server.EndPoint.ToString(), new MilterClientOptions { Trace = recording.Add });
        var message = new MailTransaction { Sender = "joe@elsewhere.test", QueueId = "Q1", Content = MailContent.Parse("Subject: secret 42\nX-Old: 1\n\nsecret\n") };
        message.Recipients.Add("ann@example.test");
        MilterOutcome outcome = await client.FilterAsync(new SmtpSession(SmtpClientInfo.At("192.0.2.7", "elsewhere.test")), message);
        Assert.True(outcome.IsDelivered);
        Assert.Contains(recording.Frames, frame => frame is { FromFilter: true, Code: (byte)MilterReply.Continue });
        return recording;
    }

    [Fact]
    public async Task The_proxy_records_a_live_session()
    {
        string folder = Directory.CreateTempSubdirectory("rec-").FullName;
        try
        {
            await using MilterServer server = await MilterServer.StartAsync<Editing>("unix:" + Path.Combine(folder, "f.sock"));
            await using (MilterRecordingProxy proxy = MilterRecordingProxy.Start("unix:" + Path.Combine(folder, "p.sock"), "unix:" + Path.Combine(folder, "f.sock"), folder, RecordingParts.All))
            {
                await using var client = new MilterClient("unix:" + Path.Combine(folder, "p.sock"));
                var message = new MailTransaction { Content = MailContent.Parse("Subject: hi\n\nbody\n") };
                message.Recipients.Add("ann@example.test");
                Assert.True((await client.FilterAsync(new SmtpSession(SmtpClientInfo.At("192.0.2.7")), message)).IsDelivered);
            }

            await using var host = new MilterTestHost<Editing>();
            (await host.ReplayAsync(MilterRecording.Load(Path.Combine(folder, "session-0001.milter")))).AssertSame();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
