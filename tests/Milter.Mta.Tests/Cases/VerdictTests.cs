using Milter.Mta.Filters;

namespace Milter.Mta.Tests;

/// <summary>Protects what the SMTP client hears: the filter's words, at the stage where they were said, and nothing else.</summary>
[Collection(CaseCollection.Name)]
public sealed class VerdictTests(CaseFixture fixture)
{
    private const string From = "<sender@example.org>";

    private static readonly MilterStages[] s_stages =
    [
        MilterStages.Connect, MilterStages.Helo, MilterStages.Mail, MilterStages.Rcpt, MilterStages.Data,
        MilterStages.Header, MilterStages.Eoh, MilterStages.Body, MilterStages.Eom,
    ];

    public static TheoryData<MtaKind, MilterStages> EveryStage => Stages(s_stages);

    public static TheoryData<MtaKind, MilterStages> MessageStages => Stages(s_stages[2..]);

    public static TheoryData<MtaKind, MilterStages> SessionStages => Stages(s_stages[..2]);

    // Two lines, and a percent sign that is doubled on the wire: the client sees one.
    [SkippableTheory, MemberData(nameof(EveryStage))]
    public async Task A_refusal_is_told_in_the_filters_words(MtaKind kind, MilterStages stage)
    {
        (SmtpReply reply, string to) = await AskAsync(kind, stage, Verdict.Reject(550, "5.7.1", "100% no", "and no"));

        string[] expected = (kind, stage) switch
        {
            (MtaKind.Sendmail, MilterStages.Connect) => ["5.0.0 Command rejected"],
            (MtaKind.Sendmail, MilterStages.Mail) => [$"5.7.1 {From}... 100% no", "5.7.1 and no"],
            (MtaKind.Sendmail, MilterStages.Rcpt) => [$"5.7.1 <{to}>... 100% no", "5.7.1 and no"],
            _ => ["5.7.1 100% no", "5.7.1 and no"],
        };
        Assert.Equal(550, reply.Code);
        Assert.Equal(expected, reply.Lines);
    }

    [SkippableTheory, MemberData(nameof(EveryStage))]
    public async Task A_refusal_for_now_is_told_in_the_filters_words(MtaKind kind, MilterStages stage)
    {
        (SmtpReply reply, _) = await AskAsync(kind, stage, Verdict.TempFail(452, "4.5.3", "100% later"));

        (int code, string text) = (kind, stage) is (MtaKind.Sendmail, MilterStages.Connect)
            ? (451, "4.3.2 Please try again later")
            : (452, "4.5.3 100% later");
        Assert.Equal(code, reply.Code);
        Assert.Equal(text, reply.Text);
    }

    // Postfix takes a text that begins with another digit than the code for an enhanced code of the wrong class, and the filter for broken.
    [SkippableTheory, MemberData(nameof(MessageStages))]
    public async Task A_text_may_begin_with_a_number(MtaKind kind, MilterStages stage)
    {
        (SmtpReply reply, _) = await AskAsync(kind, stage, Verdict.Reject(550, null, "192.0.2.7 is listed"));

        Assert.Equal(550, reply.Code);
        Assert.EndsWith("192.0.2.7 is listed", reply.Text, StringComparison.Ordinal);
    }

    [SkippableTheory, MemberData(nameof(EveryStage))]
    public async Task Without_words_the_server_has_its_own(MtaKind kind, MilterStages stage)
    {
        (SmtpReply reject, string to) = await AskAsync(kind, stage, Verdict.Reject());
        (SmtpReply later, _) = await AskAsync(kind, stage, Verdict.TempFail());

        string expected = (kind, stage) switch
        {
            (MtaKind.Postfix, _) => "550 5.7.1 Command rejected",
            (_, MilterStages.Connect or MilterStages.Helo) => "550 5.0.0 Command rejected",
            (_, MilterStages.Mail) => $"550 5.7.1 {From}... Command rejected",
            (_, MilterStages.Rcpt) => $"550 5.7.1 <{to}>... Command rejected",
            (_, MilterStages.Data) => "550 5.7.1 Command rejected",
            _ => "554 5.7.1 Command rejected",
        };
        Assert.Equal(expected, reject.ToString());
        Assert.Equal(kind == MtaKind.Postfix ? "451 4.7.1 Service unavailable - try again later" : "451 4.3.2 Please try again later", later.ToString());
    }

    [SkippableTheory, MemberData(nameof(EveryStage))]
    public async Task A_421_ends_the_session(MtaKind kind, MilterStages stage)
    {
        await using FilterRun run = await RunAsync(kind, at => at == stage ? Verdict.TempFail(421, "4.3.2", "100% later") : Verdict.Continue);
        await using SmtpClientSession session = await run.OpenAsync(hello: false);

        SmtpReply reply = stage switch
        {
            MilterStages.Connect => session.Greeting,
            MilterStages.Helo => await session.CommandAsync("EHLO client.example.org"),
            _ => await TalkAsync(session, Mail.NewAddress()),
        };

        Assert.Equal(421, reply.Code);
        if (stage != MilterStages.Connect)
        {
            Assert.Equal("4.3.2 100% later", reply.Text);
        }

        await session.WaitForCloseAsync();
    }

    // Rule: ACCEPT at MAIL, RCPT, DATA and later ends this message only; EOM does not run, and the next message is filtered.
    [SkippableTheory, MemberData(nameof(MessageStages))]
    public async Task Accept_ends_the_filtering_of_this_message_only(MtaKind kind, MilterStages stage)
    {
        bool accepts = true;
        var journal = new Journal();
        await using FilterRun run = await RunAsync(kind, at => accepts && at == stage ? Verdict.Accept : Verdict.Continue, journal);
        await using SmtpClientSession session = await run.OpenAsync();
        string first = Mail.NewAddress(), second = Mail.NewAddress();

        Assert.Equal(250, (await session.SendAsync(From, [$"<{first}>"], Mail.Message())).Code);
        bool ended = journal.Entries.Contains($"{MilterStages.Eom}");
        accepts = false;
        Assert.Equal(250, (await session.SendAsync(From, [$"<{second}>"], Mail.Message())).Code);

        string[] expected = stage == MilterStages.Eom ? ["Received", VerdictFilter.Mark] : ["Received"];
        Assert.Equal(stage == MilterStages.Eom, ended);
        Assert.Equal(expected, (await run.DeliveredAsync(first)).Fields());
        Assert.Equal(["Received", VerdictFilter.Mark], (await run.DeliveredAsync(second)).Fields());
        Assert.Equal(2, journal.Count($"{MessageOutcome.Passed}"));
        Assert.Empty(run.Log.Complaints);
    }

    [SkippableTheory, MemberData(nameof(SessionStages))]
    public async Task Accept_before_a_message_ends_the_filtering_of_the_session(MtaKind kind, MilterStages stage)
    {
        await using FilterRun run = await RunAsync(kind, at => at == stage ? Verdict.Accept : Verdict.Continue);
        await using SmtpClientSession session = await run.OpenAsync();
        string first = Mail.NewAddress(), second = Mail.NewAddress();

        await session.SendAsync(From, [$"<{first}>"], Mail.Message());
        await session.SendAsync(From, [$"<{second}>"], Mail.Message());

        Assert.Equal(["Received"], (await run.DeliveredAsync(first)).Fields());
        Assert.Equal(["Received"], (await run.DeliveredAsync(second)).Fields());
    }

    [SkippableTheory, MemberData(nameof(MessageStages))]
    public async Task Discard_takes_the_message_and_drops_it(MtaKind kind, MilterStages stage)
    {
        bool discards = true;
        var journal = new Journal();
        await using FilterRun run = await RunAsync(kind, at => discards && at == stage ? Verdict.Discard : Verdict.Continue, journal);
        string to = Mail.NewAddress();

        SmtpReply reply = await run.SendAsync(to, Mail.Message());

        Assert.Equal(250, reply.Code);
        await journal.WaitForAsync($"{MessageOutcome.Discarded}");
        discards = false;
        await run.AssertNotDeliveredAsync(to);
    }

    // Postfix looks for milters again when smtpd has discarded a message, and takes those of local submission. What these say changes nothing.
    [SkippableTheory, InlineData(MtaKind.Postfix), InlineData(MtaKind.Sendmail)]
    public async Task A_message_discarded_before_its_content_is_shown_twice_by_Postfix(MtaKind kind)
    {
        var journal = new Journal();
        await using FilterRun run = await RunAsync(
            kind, at => at == MilterStages.Mail && journal.Count($"{at}") == 1 ? Verdict.Discard : Verdict.Continue, journal);
        string to = Mail.NewAddress();

        SmtpReply reply = await run.SendAsync(to, Mail.Message());

        Assert.Equal(250, reply.Code);
        Assert.Equal(kind == MtaKind.Postfix ? 2 : 1, journal.Count($"{MilterStages.Mail}"));
        await run.AssertNotDeliveredAsync(to);
    }

    // Rule: verdicts go through one gate. DISCARD before a message would switch the filter off on Sendmail.
    [SkippableTheory, MemberData(nameof(SessionStages))]
    public async Task Discard_before_a_message_becomes_a_refusal_for_now(MtaKind kind, MilterStages stage)
    {
        await using FilterRun run = await RunAsync(kind, at => at == stage ? Verdict.Discard : Verdict.Continue);

        SmtpReply reply = await run.SendAsync(Mail.NewAddress(), Mail.Message());

        Assert.Equal(451, reply.Code);
        Assert.Contains(run.Log.Complaints, line => line.Contains("Discard", StringComparison.Ordinal));
    }

    private static TheoryData<MtaKind, MilterStages> Stages(IEnumerable<MilterStages> stages)
    {
        var data = new TheoryData<MtaKind, MilterStages>();
        foreach (MilterStages stage in stages)
        {
            data.Add(MtaKind.Postfix, stage);
            data.Add(MtaKind.Sendmail, stage);
        }

        return data;
    }

    private Task<FilterRun> RunAsync(MtaKind kind, Func<MilterStages, Verdict> decide, Journal? journal = null) =>
        fixture.RunAsync(kind, () => new VerdictFilter(decide, journal ?? new Journal()));

    // The reply that refuses a message, when the filter says something at one stage.
    private async Task<(SmtpReply Reply, string To)> AskAsync(MtaKind kind, MilterStages stage, Verdict verdict)
    {
        await using FilterRun run = await RunAsync(kind, at => at == stage ? verdict : Verdict.Continue);
        await using SmtpClientSession session = await run.OpenAsync(hello: false);
        string to = Mail.NewAddress();
        bool refusesService = stage == MilterStages.Connect && verdict.Kind == VerdictKind.Reject;
        Assert.Equal(refusesService ? 554 : 220, session.Greeting.Code);

        SmtpReply reply = await TalkAsync(session, to);

        string? at = session.Transcript.Split('\n', StringSplitOptions.TrimEntries).LastOrDefault(line => line.StartsWith("C: ", StringComparison.Ordinal));
        string expected = stage switch
        {
            MilterStages.Connect or MilterStages.Helo or MilterStages.Mail => "C: MAIL",
            MilterStages.Rcpt => "C: RCPT",
            MilterStages.Data => "C: DATA",
            _ => "C: (",
        };
        Assert.StartsWith(expected, at, StringComparison.Ordinal);
        Assert.Empty(run.Log.Complaints);
        await session.QuitAsync();
        return (reply, to);
    }

    private static async Task<SmtpReply> TalkAsync(SmtpClientSession session, string to)
    {
        await session.EhloAsync();
        return await session.SendAsync(From, [$"<{to}>"], Mail.Message());
    }
}
