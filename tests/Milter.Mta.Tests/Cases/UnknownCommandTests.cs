using Milter.Mta.Filters;
using Milter.Samples.Probe;

namespace Milter.Mta.Tests;

/// <summary>Protects Postfix from a filter's answer to a command that nobody knows, which any client may send.</summary>
[Collection(CaseCollection.Name)]
public sealed class UnknownCommandTests(CaseFixture fixture)
{
    public static TheoryData<MtaKind> Servers => CaseFixture.Servers;

    public static TheoryData<MtaKind, bool> ServersAndVerdicts => new()
    {
        { MtaKind.Postfix, true }, { MtaKind.Postfix, false }, { MtaKind.Sendmail, true }, { MtaKind.Sendmail, false },
    };

    // Rule: verdicts go through one gate. ACCEPT or DISCARD here makes Postfix's smtpd panic at the next MAIL.
    [SkippableTheory, MemberData(nameof(ServersAndVerdicts))]
    public async Task Accept_and_discard_harm_nobody(MtaKind kind, bool accept)
    {
        Verdict verdict = accept ? Verdict.Accept : Verdict.Discard;
        var journal = new Journal();
        await using FilterRun run = await fixture.RunAsync(
            kind, () => new VerdictFilter(at => at == MilterStages.Unknown ? verdict : Verdict.Continue, journal));
        await using SmtpClientSession session = await run.OpenAsync();
        string first = Mail.NewAddress(), second = Mail.NewAddress();

        SmtpReply before = await session.CommandAsync("FOO bar");
        await session.CommandAsync("MAIL FROM:<sender@example.org>", 250);
        await session.CommandAsync("FOO bar");
        await session.CommandAsync($"RCPT TO:<{first}>", 250);
        SmtpReply inside = await session.CommandAsync("FOO bar");
        SmtpReply end = await session.DataAsync(Mail.Bytes(Mail.Message()));
        await session.CommandAsync("FOO bar");
        SmtpReply next = await session.SendAsync("<sender@example.org>", [$"<{second}>"], Mail.Message());
        await session.QuitAsync();

        Assert.Equal([500, 500], [before.Code, inside.Code]);
        Assert.Equal([250, 250], [end.Code, next.Code]);
        Assert.Equal(["Received", VerdictFilter.Mark], (await run.DeliveredAsync(first)).Fields());
        Assert.Equal(["Received", VerdictFilter.Mark], (await run.DeliveredAsync(second)).Fields());
        Assert.DoesNotContain("panic", run.Server.Log, StringComparison.Ordinal);

        // Sendmail asks no filter about what comes between the end of a message and the next MAIL.
        int asked = kind == MtaKind.Postfix ? 4 : 3;
        Assert.Equal(asked, journal.Count($"{MilterStages.Unknown}"));
        Assert.Equal(asked, run.Log.Complaints.Count);
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task A_refusal_is_told_and_the_message_goes_on(MtaKind kind)
    {
        await using FilterRun run = await fixture.RunAsync(
            kind, () => new VerdictFilter(at => at == MilterStages.Unknown ? Verdict.Reject(550, "5.5.1", "What was that?") : Verdict.Continue, new Journal()));
        await using SmtpClientSession session = await run.OpenAsync();
        string to = Mail.NewAddress();

        await session.CommandAsync("MAIL FROM:<sender@example.org>", 250);
        SmtpReply unknown = await session.CommandAsync("FOO bar");
        await session.CommandAsync($"RCPT TO:<{to}>", 250);
        SmtpReply end = await session.DataAsync(Mail.Bytes(Mail.Message()));

        Assert.Equal("550 5.5.1 What was that?", unknown.ToString());
        Assert.Equal(250, end.Code);
        Assert.Equal(["Received", VerdictFilter.Mark], (await run.DeliveredAsync(to)).Fields());
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task Postfix_tells_the_verb_only(MtaKind kind)
    {
        await using FilterRun run = await fixture.RunAsync<PlainProbe>(kind);
        await using SmtpClientSession session = await run.OpenAsync();

        SmtpReply reply = await session.CommandAsync("PROBE reply:550:5.5.1:What_was_that?");

        Assert.Equal(kind == MtaKind.Sendmail ? 550 : 500, reply.Code);
    }
}
