using Milter.Protocol;

namespace Milter.Client.Tests;

/// <summary>Puts what it sees into header fields.</summary>
[Milter]
public sealed partial class Labelling
{
    [OnMail]
    public Verdict From(EnvelopeAddress sender) =>
        sender.Address.StartsWith("spam", StringComparison.Ordinal) ? Verdict.Reject(550, "5.7.1", "No spam", "100% sure") : Verdict.Continue;

    [OnEom]
    public Verdict End(HeaderEditor headers, MessageBody body, MilterContext context)
    {
        headers.Prepend("X-Label", $"{body.Length} bytes {context.QueueId}");
        return Verdict.Accept;
    }
}

/// <summary>The client against AttrMilter's own server, over real sockets.</summary>
public class LiveFilterTests
{
    [Theory]
    [InlineData("Postfix")]
    [InlineData("Sendmail")]
    public async Task Messages_go_through(string mta)
    {
        await using MilterServer server = await MilterServer.StartAsync<Labelling>("inet:0@127.0.0.1");
        await using var client = new MilterClient(server.EndPoint.ToString(), new MilterClientOptions { Personality = ConversationTests.Named(mta) });
        MailTransaction large = Mail.Message();
        large.Content.Body = Enumerable.Repeat((byte)'x', 300_000).ToArray();
        MailTransaction spam = Mail.Message();
        spam.Sender = "spam@example.test";

        IReadOnlyList<MilterOutcome> outcomes = await client.FilterAsync(Mail.Session(), [large, spam, Mail.Message()]);

        Assert.Equal("300000 bytes Q1", outcomes[0].Result.Content["X-Label"]);
        Assert.Equal((MilterVerdict.Reject, MilterCommand.Mail), (outcomes[1].Verdict, outcomes[1].DecidedAt));
        Assert.Equal("100% sure", outcomes[1].Reply!.Lines[1]);
        Assert.Equal("6 bytes Q1", outcomes[2].Result.Content["X-Label"]);
    }

    [Fact]
    public async Task Kept_connections_are_used_again_and_replaced_when_the_filter_was_restarted()
    {
        // A port that is free again may be given to somebody else.
        string folder = Directory.CreateTempSubdirectory("client-").FullName;
        string endPoint = $"unix:{folder}/s";
        MilterServer first = await MilterServer.StartAsync<Choosing>(endPoint);
        int negotiations = 0;
        var options = new MilterClientOptions { Trace = (fromFilter, code, _) => negotiations += fromFilter && code == 'O' ? 1 : 0 };
        await using var client = new MilterClient(endPoint, options, keepConnections: 2);

        await client.FilterAsync(Mail.Session(), Mail.Message());
        await client.FilterAsync(Mail.Session(), Mail.Message());
        Assert.Equal(1, negotiations);

        await first.DisposeAsync();
        await using (await MilterServer.StartAsync<Choosing>(endPoint))
        {
            Assert.True((await client.FilterAsync(Mail.Session(), Mail.Message())).IsDelivered);
            Assert.Equal(2, negotiations);
        }

        Directory.Delete(folder);
    }

    [Fact]
    public async Task Many_at_once()
    {
        await using MilterServer server = await MilterServer.StartAsync<Labelling>("inet:0@127.0.0.1");
        await using var client = new MilterClient(server.EndPoint.ToString());

        MilterOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => client.FilterAsync(Mail.Session(), Mail.Message($"Subject: {i}\n\n{new string('x', i)}\n"))));

        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"{i + 2} bytes Q1"), outcomes.Select(outcome => outcome.Result.Content["X-Label"]));
    }
}

/// <summary>Lets everything pass by Continue.</summary>
[Milter]
public sealed partial class Choosing
{
    [OnEom]
    public Verdict End() => Verdict.Continue;
}
