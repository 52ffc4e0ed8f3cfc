using Microsoft.Extensions.DependencyInjection;
using Milter.Mta.Filters;

namespace Milter.Mta.Tests;

/// <summary>Protects mail from filters that fail: it is refused for now, and neither lost nor passed unseen.</summary>
[Collection(CaseCollection.Name)]
public sealed class FaultTests(CaseFixture fixture)
{
    private const string From = "<sender@example.org>";

    public static TheoryData<MtaKind> Servers => CaseFixture.Servers;

    public static TheoryData<MtaKind, MilterStages> RepliedStages => VerdictTests.MessageStages;

    public static TheoryData<MtaKind, MilterStages> WaivedStages => new()
    {
        { MtaKind.Postfix, MilterStages.Mail }, { MtaKind.Postfix, MilterStages.Rcpt }, { MtaKind.Postfix, MilterStages.Body },
        { MtaKind.Sendmail, MilterStages.Mail }, { MtaKind.Sendmail, MilterStages.Rcpt }, { MtaKind.Sendmail, MilterStages.Body },
    };

    [SkippableTheory, MemberData(nameof(RepliedStages))]
    public async Task A_handler_that_throws_refuses_for_now_and_the_connection_lives(MtaKind kind, MilterStages stage)
    {
        bool throws = true;
        var journal = new Journal();
        await using FilterRun run = await fixture.RunAsync(
            kind,
            () => new VerdictFilter(at => throws && at == stage ? throw new InvalidOperationException("boom") : Verdict.Continue, journal));
        await using SmtpClientSession session = await run.OpenAsync();
        string refused = Mail.NewAddress(), passed = Mail.NewAddress();

        SmtpReply no = await session.SendAsync(From, [$"<{refused}>"], Mail.Message());
        throws = false;
        await session.ResetAsync();
        SmtpReply yes = await session.SendAsync(From, [$"<{passed}>"], Mail.Message());

        Assert.Equal([451, 250], [no.Code, yes.Code]);
        Assert.Equal(["Received", VerdictFilter.Mark], (await run.DeliveredAsync(passed)).Fields());
        Assert.DoesNotContain(run.Server.Sink.Messages, message => message.IsFor(refused));
        Assert.Equal(1, journal.Count($"{MilterStages.Connect}"));
        Assert.Contains("boom", run.Log.Complaints.Single(), StringComparison.Ordinal);
    }

    // Rule: a fault in a handler whose reply was waived becomes the pending verdict of the message, given at the latest at EOM.
    [SkippableTheory, MemberData(nameof(WaivedStages))]
    public async Task A_fault_where_nobody_waits_refuses_the_message_at_its_end(MtaKind kind, MilterStages stage)
    {
        bool throws = true;
        var journal = new Journal();
        await using FilterRun run = await fixture.RunAsync(
            kind,
            () => new FaultFilter((at, _) => throws && at == stage ? throw new InvalidOperationException("boom") : Task.CompletedTask, journal));
        await using SmtpClientSession session = await run.OpenAsync();
        string refused = Mail.NewAddress(), passed = Mail.NewAddress();

        SmtpReply no = await session.SendAsync(From, [$"<{refused}>"], Mail.Message());
        throws = false;
        SmtpReply yes = await session.SendAsync(From, [$"<{passed}>"], Mail.Message());

        Assert.Equal([451, 250], [no.Code, yes.Code]);
        Assert.Single((await run.DeliveredAsync(passed)).HeaderValues("X-Instance"));
        Assert.DoesNotContain(run.Server.Sink.Messages, message => message.IsFor(refused));
        Assert.Equal(["Refused", "Passed"], journal.Entries);
    }

    // Rule: a fault at CONNECT whose reply was waived is the pending verdict of the session.
    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task A_fault_at_connect_where_nobody_waits_refuses_every_message(MtaKind kind)
    {
        await using FilterRun run = await fixture.RunAsync(
            kind, () => new FaultFilter((at, _) => at == MilterStages.Connect ? throw new InvalidOperationException("boom") : Task.CompletedTask, new Journal()));
        await using SmtpClientSession session = await run.OpenAsync();

        for (int i = 0; i < 2; i++)
        {
            string to = Mail.NewAddress();
            Assert.Equal(451, (await session.SendAsync(From, [$"<{to}>"], Mail.Message())).Code);
            Assert.DoesNotContain(run.Server.Sink.Messages, message => message.IsFor(to));
            await session.ResetAsync();
        }
    }

    // Rule: instance and scoped services live as long as the connection; those of handler parameters as long as the message.
    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task Services_live_as_long_as_the_session_or_the_message(MtaKind kind)
    {
        var journal = new Journal();
        await using FilterRun run = await fixture.RunAsync<ServiceFilter>(
            kind, services: services => services.AddSingleton(journal).AddScoped<Unit>());
        await using SmtpClientSession session = await run.OpenAsync();

        await session.SendAsync(From, ["<a@example.com>"], Mail.Message());
        await session.SendAsync(From, ["<a@example.com>"], Mail.Message());
        await session.CommandAsync($"MAIL FROM:{From}", 250);
        await session.ResetAsync();
        await session.QuitAsync();

        IReadOnlyList<string> entries = await journal.WaitForAsync(entries => entries.Count(entry => entry.StartsWith("disposed", StringComparison.Ordinal)) == 4);
        int first = int.Parse(entries[0].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(
        [
            $"connect {first} {first}",
            $"mail {first} {first + 1}", $"eom {first} {first + 1}", $"end {first} {first + 1}", $"disposed {first + 1}",
            $"mail {first} {first + 2}", $"eom {first} {first + 2}", $"end {first} {first + 2}", $"disposed {first + 2}",
            $"mail {first} {first + 3}", $"end {first} {first + 3}", $"disposed {first + 3}",
            $"disposed {first}",
        ],
        entries);
        Assert.Empty(run.Log.Complaints);
    }

    // Rule (ending): over the connection cap a session is taken, negotiated so that MAIL has a reply, and told 421 there.
    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task Over_the_cap_a_session_is_told_421(MtaKind kind)
    {
        await using FilterRun run = await fixture.RunAsync(
            kind, () => new MessageFilter(new Journal()), options => options.MaxConnections = 1);
        await using SmtpClientSession one = await run.OpenAsync(), two = await run.OpenAsync();
        string to = Mail.NewAddress();

        SmtpReply full = await two.CommandAsync($"MAIL FROM:{From}");
        SmtpReply passed = await one.SendAsync(From, [$"<{to}>"], Mail.Message());

        Assert.Equal("421 4.3.2 Too many connections, please try again", full.ToString());
        await two.WaitForCloseAsync();
        Assert.Equal(250, passed.Code);
        Assert.Equal(["1"], (await run.DeliveredAsync(to)).HeaderValues("X-Message"));
    }
}
