using System.Diagnostics;
using Milter.Mta.Filters;

namespace Milter.Mta.Tests;

/// <summary>Protects against the bypass by slowness: a server that does not wait long enough lets mail pass unseen, so the engine answers in time, whatever handlers do.</summary>
/// <remarks>Rule: time. Servers wait six seconds here and are fail-open; handlers take nine, or stay until they are released, some awaiting, some blocking their thread, all at once, to wait once.</remarks>
public abstract class TimeTests(HurriedFixture fixture, MtaKind kind) : IClassFixture<HurriedFixture>
{
    private static readonly string[] s_ways = ["await-release", "block-release"];

    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Progress goes out by itself, from a thread that the handler does not have.
    [SkippableFact]
    public async Task A_slow_end_of_message_is_waited_for()
    {
        await using FilterRun run = await RunAsync(new Journal());
        var clock = Stopwatch.StartNew();

        SinkMessage[] messages = await Task.WhenAll(new[] { "await-9000", "block-9000" }.Select(how => run.PassAsync(Mail.Message($"X-Slow: {how}\r\n"))));

        Assert.True(clock.Elapsed > HurriedFixture.Patience);
        Assert.All(messages, message => Assert.Contains(SlowFilter.Mark, message.Fields()));
        Assert.Empty(run.Log.Complaints);
    }

    // What these tests protect against does happen: without progress the same message passes as it is.
    [SkippableFact]
    public async Task Without_progress_the_server_lets_mail_pass_unseen()
    {
        await using FilterRun run = await RunAsync(new Journal(), options => options.ProgressInterval = TimeSpan.FromSeconds(60));

        SinkMessage message = await run.PassAsync(Mail.Message($"X-Slow: {s_ways[0]}\r\n"));
        _release.SetResult();

        Assert.DoesNotContain(SlowFilter.Mark, message.Fields());
    }

    [SkippableFact]
    public async Task A_command_over_its_budget_is_refused_in_time()
    {
        var journal = new Journal();
        await using FilterRun run = await RunAsync(journal);
        (string From, string To)[] messages =
        [
            .. s_ways.Select(how => ($"<{how}@example.org>", Mail.NewAddress())),
            .. s_ways.Select(how => ("<sender@example.org>", Mail.NewAddress(how))),
        ];

        SmtpReply[] replies = await Task.WhenAll(messages.Select(message => run.SendAsync(message.To, Mail.Message(), message.From)));

        Assert.All(replies, reply => Assert.Equal(451, reply.Code));
        Assert.DoesNotContain(journal.Entries, entry => entry.Contains("-release", StringComparison.Ordinal));
        _release.SetResult();
        await journal.WaitForAsync(entries => entries.Count(entry => entry.Contains("-release", StringComparison.Ordinal)) == messages.Length);
        Assert.DoesNotContain(run.Server.Sink.Messages, message => messages.Any(sent => message.IsFor(sent.To)));
    }

    // Rule: until an orphaned handler returns, further MAILs of its session get the exception verdict; two handlers of an instance never run at once.
    [SkippableFact]
    public async Task After_a_late_handler_the_session_goes_on_filtered()
    {
        var journal = new Journal();
        await using FilterRun run = await RunAsync(journal);
        int waiting = s_ways.Length;

        await Task.WhenAll(s_ways.Select(async how =>
        {
            await using SmtpClientSession session = await run.OpenAsync();
            string to = Mail.NewAddress();
            SmtpReply late = await session.CommandAsync($"MAIL FROM:<{how}@example.org>");
            SmtpReply busy = await session.CommandAsync("MAIL FROM:<sender@example.org>");
            if (Interlocked.Decrement(ref waiting) == 0)
            {
                _release.SetResult();
            }

            await journal.WaitForAsync($"mail {how}");
            SmtpReply reply = new(0, []);

            // Until the engine, too, knows that the handler has returned.
            await Deadline.UntilAsync(async () => (reply = await session.SendAsync("<sender@example.org>", [$"<{to}>"], Mail.Message())).Code == 250);

            Assert.Equal([451, 451, 250], [late.Code, busy.Code, reply.Code]);
            Assert.Contains(SlowFilter.Mark, (await run.DeliveredAsync(to)).Fields());
        }));

        Assert.Equal(2, journal.Count("Passed"));
    }

    [SkippableFact]
    public async Task An_end_of_message_over_its_budget_is_refused()
    {
        await using FilterRun run = await RunAsync(new Journal(), options => options.EndOfMessageBudget = TimeSpan.FromSeconds(1));
        string[] to = [.. s_ways.Select(_ => Mail.NewAddress())];

        SmtpReply[] replies = await Task.WhenAll(s_ways.Zip(to, (how, to) => run.SendAsync(to, Mail.Message($"X-Slow: {how}\r\n"))));
        _release.SetResult();

        Assert.All(replies, reply => Assert.Equal(451, reply.Code));
        Assert.DoesNotContain(run.Server.Sink.Messages, message => to.Any(message.IsFor));
    }

    // Nobody waits for this handler, and the message that it was late for is refused at its end.
    [SkippableFact]
    public async Task A_late_handler_that_nobody_waits_for_refuses_its_message()
    {
        var journal = new Journal();
        await using FilterRun run = await fixture.RunAsync(
            kind, () => new FaultFilter((at, _) => at == MilterStages.Rcpt ? _release.Task : Task.CompletedTask, journal), Hurry);
        string to = Mail.NewAddress();

        SmtpReply reply = await run.SendAsync(to, Mail.Message());
        _release.SetResult();

        Assert.Equal(451, reply.Code);
        Assert.DoesNotContain(run.Server.Sink.Messages, message => message.IsFor(to));
        await journal.WaitForAsync("Refused");
    }

    // Rule: waived work is charged to the next replied command, so that many short waits do not make one that is too long for the server.
    [SkippableFact]
    public async Task What_handlers_without_a_reply_take_is_charged_to_the_next_that_has_one()
    {
        var journal = new Journal();

        // One of them is far from its budget, and both are far beyond it: a busy machine does not decide.
        await using FilterRun run = await fixture.RunAsync(
            kind, () => new WaivedFilter(name => Task.Delay(name.StartsWith("slow", StringComparison.Ordinal) ? 2500 : 0), journal), options => options.CommandBudget = TimeSpan.FromSeconds(4));
        string slow = Mail.NewAddress("slow"), fast = Mail.NewAddress("fast");

        SmtpReply[] replies = await Task.WhenAll(
            run.SendAsync(slow, Mail.Message(), "<fast@example.org>"),
            run.SendAsync(fast, Mail.Message(), "<slow@example.org>"),
            run.SendAsync(slow, Mail.Message(), "<slow@example.org>"));

        Assert.Equal([250, 250, 451], replies.Select(reply => reply.Code));
    }

    // Rule: an orphan's verdict where MAIL is waived is given at RCPT.
    [SkippableFact]
    public async Task While_a_handler_is_late_the_next_message_is_refused_where_somebody_waits()
    {
        var journal = new Journal();
        var go = new TaskCompletionSource();
        await using FilterRun run = await fixture.RunAsync(
            kind, () => new WaivedFilter(name => name == "late" ? go.Task : Task.CompletedTask, journal), Hurry);
        await using SmtpClientSession session = await run.OpenAsync();
        string to = Mail.NewAddress();

        SmtpReply late = await session.SendAsync("<sender@example.org>", ["<late@example.com>"], "");
        await session.ResetAsync();
        SmtpReply busy = await session.SendAsync("<sender@example.org>", [$"<{to}>"], "");
        go.SetResult();
        await journal.WaitForAsync("rcpt late");
        SmtpReply reply = new(0, []);
        await Deadline.UntilAsync(async () =>
        {
            await session.ResetAsync();
            return (reply = await session.SendAsync("<sender@example.org>", [$"<{to}>"], Mail.Message())).Code == 250;
        });

        Assert.Equal([451, 451, 250], [late.Code, busy.Code, reply.Code]);
        await run.DeliveredAsync(to);
    }

    // Rule: the clock counts the filter's time, not the sender's.
    [SkippableFact]
    public async Task A_slow_client_costs_the_filter_nothing()
    {
        await using FilterRun run = await fixture.RunAsync(kind, () => new MessageFilter(new Journal()), options =>
        {
            options.CommandBudget = TimeSpan.FromSeconds(3);
            options.EndOfMessageBudget = TimeSpan.FromSeconds(3);
        });
        await using SmtpClientSession session = await run.OpenAsync();
        string to = Mail.NewAddress();

        await session.CommandAsync("MAIL FROM:<sender@example.org>", 250);
        await Task.Delay(TimeSpan.FromSeconds(4));
        await session.CommandAsync($"RCPT TO:<{to}>", 250);
        await session.CommandAsync("DATA", 354);
        await Task.Delay(TimeSpan.FromSeconds(4));
        await session.SendRawAsync(Mail.Bytes(Mail.Message() + ".\r\n"));

        Assert.Equal(250, (await session.ReadReplyAsync()).Code);
        Assert.Equal(["1"], (await run.DeliveredAsync(to)).HeaderValues("X-Message"));
    }

    // Rule: the token fires when the budget is spent; a handler that heeds it is answered for at once.
    [SkippableFact]
    public async Task The_token_fires_when_the_budget_is_spent()
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

    private Task<FilterRun> RunAsync(Journal journal, Action<MilterOptions>? configure = null) =>
        fixture.RunAsync(
            kind,
            () => new SlowFilter(journal, _release.Task),
            options =>
            {
                Hurry(options);
                configure?.Invoke(options);
            });
}

/// <inheritdoc/>
[Collection(nameof(PostfixTimeTests))]
public sealed class PostfixTimeTests(HurriedFixture fixture) : TimeTests(fixture, MtaKind.Postfix);

/// <inheritdoc/>
[Collection(nameof(SendmailTimeTests))]
public sealed class SendmailTimeTests(HurriedFixture fixture) : TimeTests(fixture, MtaKind.Sendmail);
