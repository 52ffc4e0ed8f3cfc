using Milter.Mta.Filters;

namespace Milter.Mta.Tests;

/// <summary>Protects the defaults: with no option set, neither in the engine nor in the server, a slow filter is no bypass.</summary>
/// <remarks>Rule: time. Sendmail waits 10 s for a reply, also at EOM, and is fail-open; Postfix waits 30 s for a command, 300 s for content.</remarks>
[Collection(nameof(StockTimeTests))]
public sealed class StockTimeTests(StockFixture fixture) : IClassFixture<StockFixture>
{
    [SkippableFact]
    public async Task Sendmail_gets_its_reply_within_ten_seconds()
    {
        await using FilterRun run = await fixture.RunAsync(MtaKind.Sendmail, () => new SlowFilter(new Journal()));
        string end = Mail.NewAddress(), blockedEnd = Mail.NewAddress(), mail = Mail.NewAddress(), rcpt = Mail.NewAddress("block-14000");

        // All at once, to wait once.
        SmtpReply[] replies = await Task.WhenAll(
            run.SendAsync(end, Mail.Message("X-Slow: await-14000\r\n")),
            run.SendAsync(blockedEnd, Mail.Message("X-Slow: block-14000\r\n")),
            run.SendAsync(mail, Mail.Message(), "<await-14000@example.org>"),
            run.SendAsync(rcpt, Mail.Message()));

        Assert.Equal([250, 250, 451, 451], replies.Select(reply => reply.Code));
        Assert.Contains(SlowFilter.Mark, (await run.DeliveredAsync(end)).Fields());
        Assert.Contains(SlowFilter.Mark, (await run.DeliveredAsync(blockedEnd)).Fields());
        Assert.DoesNotContain(run.Server.Sink.Messages, message => message.IsFor(mail) || message.IsFor(rcpt));
    }
}
