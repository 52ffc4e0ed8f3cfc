using Milter.Mta.Filters;

namespace Milter.Mta.Tests;

/// <summary>Protects mail while a filter is restarted: servers do not connect anew within a session, so each is told to end by itself.</summary>
/// <remarks>Rule: ending. The servers are fail-open: after a closed socket all mail of the session would pass unseen.</remarks>
[Collection(nameof(DrainTests))]
public sealed class DrainTests(FailOpenFixture fixture) : IClassFixture<FailOpenFixture>
{
    private const string From = "<sender@example.org>", Closing = "421 4.3.2 Service shutting down, please try again";

    public static TheoryData<MtaKind> Servers => CaseFixture.Servers;

    // VerdictFilter waits for a reply everywhere, MessageFilter at EOM only.
    public static TheoryData<MtaKind, bool> ServersAndFilters => new()
    {
        { MtaKind.Postfix, true }, { MtaKind.Postfix, false }, { MtaKind.Sendmail, true }, { MtaKind.Sendmail, false },
    };

    [SkippableTheory, MemberData(nameof(ServersAndFilters))]
    public async Task The_open_message_is_finished_and_the_next_is_told_421(MtaKind kind, bool waits)
    {
        var began = new Journal();
        await using FilterRun run = await RunAsync(kind, waits, began);
        await using SmtpClientSession session = await run.OpenAsync();
        string first = Mail.NewAddress(), second = Mail.NewAddress();
        await session.SendAsync(From, [$"<{first}>"], Mail.Message());
        await session.CommandAsync($"MAIL FROM:{From}", 250);
        await session.CommandAsync($"RCPT TO:<{second}>", 250);
        await session.CommandAsync("DATA", 354);

        // Where nobody waits for the filter, the client is ahead of it.
        string mail = waits ? $"{MilterStages.Mail}" : "mail";
        await began.WaitForAsync(entries => entries.Count(entry => entry == mail) == 2);

        Task stopping = run.Filter.StopAsync();
        await session.SendRawAsync(Mail.Bytes(Mail.Message() + ".\r\n"));
        SmtpReply end = await session.ReadReplyAsync();
        SmtpReply next = await session.SendAsync(From, ["<third@example.com>"], Mail.Message());
        await session.WaitForCloseAsync();
        await stopping;

        Assert.Equal(250, end.Code);
        Assert.Equal(Closing, next.ToString());
        SinkMessage message = await run.DeliveredAsync(second);
        Assert.Equal([waits ? VerdictFilter.Mark : "X-Message: 2"], message.Fields().Skip(1));
        Assert.DoesNotContain(run.Server.Sink.Messages, m => m.IsFor("third@example.com"));
    }

    // Rule (ending): a session that is open but idle is told at its next MAIL or RCPT, or where these are waived at EOM.
    [SkippableTheory, MemberData(nameof(ServersAndFilters))]
    public async Task An_idle_session_is_told_421_and_nothing_passes_unseen(MtaKind kind, bool waits)
    {
        var began = new Journal();
        await using FilterRun run = await RunAsync(kind, waits, began);
        await using SmtpClientSession idle = await run.OpenAsync(), begun = await run.OpenAsync();
        string to = Mail.NewAddress();
        await begun.CommandAsync($"MAIL FROM:{From}", 250);
        if (waits || kind == MtaKind.Sendmail)
        {
            await began.WaitForAsync(waits ? $"{MilterStages.Mail}" : "mail");
        }

        Task stopping = run.Filter.StopAsync();
        SmtpReply atOnce = await idle.SendAsync(From, [$"<{to}>"], Mail.Message());
        SmtpReply other = await begun.CommandAsync($"RCPT TO:<{to}>");
        if (!waits)
        {
            // Nobody waits at RCPT. Sendmail's message has begun, and is finished. Postfix keeps to itself what needs no reply, so its message begins for us while we drain.
            Assert.Equal(250, other.Code);
            other = await begun.DataAsync(Mail.Bytes(Mail.Message()));
            if (kind == MtaKind.Sendmail)
            {
                Assert.Equal(250, other.Code);
                other = await begun.SendAsync(From, [$"<{to}>"], Mail.Message());
            }
        }

        await stopping;

        Assert.Equal([Closing, Closing], [atOnce.ToString(), other.ToString()]);
        Assert.All(run.Server.Sink.Messages.Where(message => message.IsFor(to)), message => Assert.Equal(["Received", "X-Message: 1"], message.Fields()));
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task A_handler_at_work_is_waited_for(MtaKind kind)
    {
        var journal = new Journal();
        var go = new TaskCompletionSource();
        await using FilterRun run = await fixture.RunAsync(kind, () => new FaultFilter(
            async (at, _) =>
            {
                if (at == MilterStages.Eom)
                {
                    journal.Add("at work");
                    await go.Task;
                }
            },
            journal));
        string to = Mail.NewAddress();
        Task<SmtpReply> sending = run.SendAsync(to, Mail.Message());
        await journal.WaitForAsync("at work");

        Task stopping = run.Filter.StopAsync();
        go.SetResult();
        SmtpReply reply = await sending;
        await stopping;

        Assert.Equal(250, reply.Code);
        Assert.Single((await run.DeliveredAsync(to)).HeaderValues("X-Instance"));
        Assert.Equal(["at work", "Passed"], journal.Entries);
    }

    private Task<FilterRun> RunAsync(MtaKind kind, bool waits, Journal journal) => waits
        ? fixture.RunAsync(kind, () => new VerdictFilter(_ => Verdict.Continue, journal))
        : fixture.RunAsync(kind, () => new MessageFilter(new Journal(), journal));
}
