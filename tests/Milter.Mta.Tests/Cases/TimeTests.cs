using System.Diagnostics;
using Milter.Mta.Filters;

namespace Milter.Mta.Tests;

/// <summary>Protects against the bypass by slowness: a server that does not wait long enough lets mail pass unseen, so the engine answers in time, whatever handlers do.</summary>
/// <remarks>Rule: time. Servers wait three seconds here and are fail-open; handlers take five.</remarks>
[Collection(nameof(TimeTests))]
public sealed class TimeTests(HurriedFixture fixture) : IClassFixture<HurriedFixture>
{
    private const string Await = "await-5000", Block = "block-5000";

    public static TheoryData<MtaKind> Servers => CaseFixture.Servers;

    public static TheoryData<MtaKind, string> ServersAndWays => new()
    {
        { MtaKind.Postfix, Await }, { MtaKind.Postfix, Block }, { MtaKind.Sendmail, Await }, { MtaKind.Sendmail, Block },
    };

    // Progress goes out by itself, from a thread that the handler does not have.
    [SkippableTheory, MemberData(nameof(ServersAndWays))]
    public async Task A_slow_end_of_message_is_waited_for(MtaKind kind, string how)
    {
        await using FilterRun run = await RunAsync(kind, new Journal());
        var clock = Stopwatch.StartNew();

        SinkMessage message = await run.PassAsync(Mail.Message($"X-Slow: {how}\r\n"));

        Assert.True(clock.Elapsed > HurriedFixture.Patience);
        Assert.Contains(SlowFilter.Mark, message.Fields());
        Assert.DoesNotContain(run.Log.Complaints, line => !line.Contains("block", StringComparison.OrdinalIgnoreCase));
    }

    // What these tests protect against does happen: without progress the same message passes as it is.
    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task Without_progress_the_server_lets_mail_pass_unseen(MtaKind kind)
    {
        await using FilterRun run = await RunAsync(kind, new Journal(), options => options.ProgressInterval = TimeSpan.FromSeconds(60));

        SinkMessage message = await run.PassAsync(Mail.Message($"X-Slow: {Await}\r\n"));

        Assert.DoesNotContain(SlowFilter.Mark, message.Fields());
    }

    [SkippableTheory, MemberData(nameof(ServersAndWays))]
    public async Task A_command_over_its_budget_is_refused_in_time(MtaKind kind, string how)
    {
        var journal = new Journal();
        await using FilterRun run = await RunAsync(kind, journal);

        // Both at once, to wait once.
        Task<(SmtpReply, string)> mail = AskAsync(run, $"<{how}@example.org>", Mail.NewAddress());
        Task<(SmtpReply, string)> rcpt = AskAsync(run, "<sender@example.org>", Mail.NewAddress(how));
        foreach ((SmtpReply reply, string to) in new[] { await mail, await rcpt })
        {
            Assert.True(reply.Code is 450 or 451, reply.ToString());
            Assert.DoesNotContain(run.Server.Sink.Messages, message => message.IsFor(to));
        }

        Assert.DoesNotContain(journal.Entries, entry => entry.Contains(how, StringComparison.Ordinal));
        await journal.WaitForAsync(entries => entries.Count(entry => entry.Contains(how, StringComparison.Ordinal)) == 2);
    }

    // Rule: until an orphaned handler returns, further MAILs of its session get the exception verdict; two handlers of an instance never run at once.
    [SkippableTheory, MemberData(nameof(ServersAndWays))]
    public async Task After_a_late_handler_the_session_goes_on_filtered(MtaKind kind, string how)
    {
        var journal = new Journal();
        await using FilterRun run = await RunAsync(kind, journal);
        await using SmtpClientSession session = await run.OpenAsync();
        string to = Mail.NewAddress();

        SmtpReply late = await session.CommandAsync($"MAIL FROM:<{how}@example.org>");
        SmtpReply busy = await session.CommandAsync("MAIL FROM:<sender@example.org>");
        await journal.WaitForAsync($"mail {how}");
        SmtpReply reply = new(0, []);

        // Until the engine, too, knows that the handler has returned.
        await Deadline.UntilAsync(async () => (reply = await session.SendAsync("<sender@example.org>", [$"<{to}>"], Mail.Message())).Code == 250);

        Assert.Equal([451, 451, 250], [late.Code, busy.Code, reply.Code]);
        Assert.Contains(SlowFilter.Mark, (await run.DeliveredAsync(to)).Fields());
        Assert.Equal(1, journal.Count("Passed"));
    }

    [SkippableTheory, MemberData(nameof(ServersAndWays))]
    public async Task An_end_of_message_over_its_budget_is_refused(MtaKind kind, string how)
    {
        await using FilterRun run = await RunAsync(kind, new Journal(), options => options.EndOfMessageBudget = TimeSpan.FromSeconds(1));
        string to = Mail.NewAddress();

        SmtpReply reply = await run.SendAsync(to, Mail.Message($"X-Slow: {how}\r\n"));

        Assert.Equal(451, reply.Code);
        Assert.DoesNotContain(run.Server.Sink.Messages, message => message.IsFor(to));
    }

    // Nobody waits for this handler, and the message that it was late for is refused at its end.
    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task A_late_handler_that_nobody_waits_for_refuses_its_message(MtaKind kind)
    {
        var journal = new Journal();
        await using FilterRun run = await fixture.RunAsync(
            kind, () => new FaultFilter((at, _) => at == MilterStages.Mail ? Task.Delay(5000, CancellationToken.None) : Task.CompletedTask, journal), Hurry);
        string to = Mail.NewAddress();

        SmtpReply reply = await run.SendAsync(to, Mail.Message());

        Assert.Equal(451, reply.Code);
        Assert.DoesNotContain(run.Server.Sink.Messages, message => message.IsFor(to));
        await journal.WaitForAsync("Refused");
    }

    // Rule: the token fires when the budget is spent; a handler that heeds it is refused as if it had been late, at once.
    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task The_token_fires_when_the_budget_is_spent(MtaKind kind)
    {
        await using FilterRun run = await fixture.RunAsync(
            kind,
            () => new FaultFilter((at, token) => at == MilterStages.Eom ? Task.Delay(Timeout.Infinite, token) : Task.CompletedTask, new Journal()),
            options => options.EndOfMessageBudget = TimeSpan.FromMilliseconds(500));

        SmtpReply reply = await run.SendAsync(Mail.NewAddress(), Mail.Message());

        Assert.Equal(451, reply.Code);
    }

    private static void Hurry(MilterOptions options)
    {
        options.CommandBudget = TimeSpan.FromSeconds(1);
        options.ProgressInterval = TimeSpan.FromMilliseconds(500);
    }

    private static async Task<(SmtpReply Reply, string To)> AskAsync(FilterRun run, string from, string to) =>
        (await run.SendAsync(to, Mail.Message(), from), to);

    private Task<FilterRun> RunAsync(MtaKind kind, Journal journal, Action<MilterOptions>? configure = null) =>
        fixture.RunAsync(
            kind,
            () => new SlowFilter(journal),
            options =>
            {
                Hurry(options);
                configure?.Invoke(options);
            });
}
