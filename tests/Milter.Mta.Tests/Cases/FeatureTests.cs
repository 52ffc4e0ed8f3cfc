using Milter.Mta.Filters;

namespace Milter.Mta.Tests;

/// <summary>Protects what is negotiated by what a filter's methods take and return: macros, SKIP, the order of handlers.</summary>
[Collection(CaseCollection.Name)]
public sealed class FeatureTests(CaseFixture fixture)
{
    private const string From = "<sender@example.org>";

    public static TheoryData<MtaKind> Servers => CaseFixture.Servers;

    // Rule: a symbol list replaces the MTA's defaults, so it has them too; a macro is remembered from the stage where both MTAs have it.
    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task Macros_that_are_asked_for_arrive_and_are_remembered(MtaKind kind)
    {
        var journal = new Journal();
        await using FilterRun run = await fixture.RunAsync(kind, () => new MacroFilter(journal));
        await using SmtpClientSession session = await run.OpenAsync();
        string to = Mail.NewAddress(), other = Mail.NewAddress();

        for (int i = 0; i < 2; i++)
        {
            await session.SendAsync(From, [$"<{to}>", $"<{other}>"], Mail.Message());
        }

        // Postfix makes the queue id at the first recipient, and tells it from the next step on.
        bool atMail = kind == MtaKind.Sendmail;
        string[] message =
        [
            $"mail id={atMail} user=- sender@example.org",
            $"rcpt id={atMail} {to} mailer=True",
            $"rcpt id=True {other} mailer=True",
            "data id=True",
            $"eom 127.0.0.1 sender@example.org id=True authenticated=False msg_id={kind == MtaKind.Sendmail}",
        ];
        Assert.Equal([$"connect 127.0.0.1 port=True defaults={MtaServer.HostName},True", .. message, .. message], journal.Entries);
        Assert.Empty(run.Log.Complaints);
    }

    // Rule: each consumer of the body may have had enough by itself; SKIP goes out when all have.
    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task The_server_skips_the_rest_of_the_body_when_all_have_had_enough(MtaKind kind)
    {
        var journal = new Journal();
        await using FilterRun run = await fixture.RunAsync(kind, () => new SkipFilter(journal));
        string body = string.Concat(Enumerable.Repeat(new string('x', 70) + "\r\n", 10_000));
        await using SmtpClientSession session = await run.OpenAsync();
        string to = Mail.NewAddress(), other = Mail.NewAddress();

        await session.SendAsync(From, [$"<{to}>"], Mail.Message(body: body));
        await session.SendAsync(From, [$"<{other}>"], Mail.Message(body: body));

        SinkMessage message = await run.DeliveredAsync(to);
        Assert.Equal(["yes"], message.HeaderValues("X-Seen"));
        Assert.Equal(body.Length, message.Body.Length);
        Assert.Equal(["1 3", "1 3"], journal.Entries);
        Assert.Empty(run.Log.Complaints);
        if (kind == MtaKind.Sendmail)
        {
            Assert.True(await Deadline.UntilAsync(() => run.Server.Log.Contains("action=body, skip", StringComparison.Ordinal)), run.Server.LogTail);
        }
    }

    // Rule: whoever keeps the body has not had enough while it fits; over its cap a body is unavailable, not shorter.
    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task Who_keeps_the_body_gets_all_of_it_though_another_has_had_enough(MtaKind kind)
    {
        string body = string.Concat(Enumerable.Repeat(new string('x', 70) + "\r\n", 10_000));
        var journal = new Journal();
        await using (FilterRun run = await fixture.RunAsync(kind, () => new BodyFilter(journal)))
        {
            await run.PassAsync(Mail.Message(body: body));
            await run.PassAsync(Mail.Message(body: ""));
        }

        await using (FilterRun run = await fixture.RunAsync(kind, () => new BodyFilter(journal), options => options.MaxBodySize = 100_000))
        {
            Assert.Equal(body.Length, (await run.PassAsync(Mail.Message(body: body))).Body.Length);
        }

        Assert.Equal([$"1 Available {body.Length}", "0 Empty 0", "1 OverCap -1"], journal.Entries);
    }

    // Rule: several handlers of one stage run base class first, then by Order; the first verdict that is not Continue ends the stage.
    // Rule: recipients join the envelope only when we let them pass.
    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task Handlers_of_one_stage_run_in_their_order(MtaKind kind)
    {
        var journal = new Journal();
        await using FilterRun run = await fixture.RunAsync(kind, () => new OrderFilter(journal));
        await using SmtpClientSession session = await run.OpenAsync();

        await session.CommandAsync($"MAIL FROM:{From}", 250);
        await session.CommandAsync("RCPT TO:<yes@example.com>", 250);
        await session.CommandAsync("RCPT TO:<no@example.com>", 550);
        await session.CommandAsync("RCPT TO:<yes2@example.com>", 250);

        Assert.Equal(
            ["base", "first", "second 0", "last", "base", "first", "second 1", "base", "first", "second 1", "last"],
            journal.Entries);
    }
}
