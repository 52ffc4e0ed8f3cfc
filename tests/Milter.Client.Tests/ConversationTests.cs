using Milter.Protocol;

namespace Milter.Client.Tests;

/// <summary>What a filter is told, and what its answers end, against protocol.md 5.3, 5.4 and 5.6.</summary>
public class ConversationTests
{
    private static readonly byte[] s_continue = ScriptedFilter.Say(MilterReply.Continue);

    [Theory]
    [InlineData("Postfix", "ODCDHDMDRDTDLDNDBDEA DMDRDTDLDNDBDEA AQ")]
    [InlineData("Sendmail", "ODCDHDMDRTLNBDE DMDRTLNBDE Q")]
    public async Task Two_messages_are_told_in_the_ways_of(string mta, string codes)
    {
        await using var filter = new ScriptedFilter(_ => s_continue);

        await SendAsync(filter, mta, Mail.Message(), Mail.Message());

        // D stands for the macros of the command after it.
        Assert.Equal(codes.Replace(" ", "", StringComparison.Ordinal), string.Concat(filter.Codes));
    }

    [Theory]
    [InlineData("Postfix")]
    [InlineData("Sendmail")]
    public async Task Steps_and_replies_that_are_waived_are_not_sent_and_not_waited_for(string mta)
    {
        ProtocolSteps steps = ProtocolSteps.NoHelo | ProtocolSteps.NoReplyConnect | ProtocolSteps.NoReplyMail | ProtocolSteps.NoReplyRcpt
            | ProtocolSteps.NoData | ProtocolSteps.NoReplyHeader | ProtocolSteps.NoEndOfHeaders | ProtocolSteps.NoBody;
        await using var filter = new ScriptedFilter(command => command == MilterCommand.EndOfMessage ? s_continue : [], ScriptedFilter.Agree(steps));

        MilterOutcome outcome = (await SendAsync(filter, mta, Mail.Message()))[0];

        Assert.True(outcome.IsDelivered);
        Assert.Equal(1, outcome.Waits);
        Assert.Equal("OCMRLE", string.Concat(filter.Codes.Where(code => code is not ("D" or "A" or "Q"))));
    }

    [Fact]
    public async Task A_refused_connection_refuses_every_MAIL_and_is_not_asked_again()
    {
        await using var filter = new ScriptedFilter(_ => ScriptedFilter.Raw('y', "550 5.7.1 Go away\0"));

        IReadOnlyList<MilterOutcome> outcomes = await SendAsync(filter, "Postfix", Mail.Message(), Mail.Message());

        Assert.All(outcomes, outcome => Assert.Equal((MilterVerdict.Reject, MilterCommand.Connect, "550 5.7.1 Go away"), (outcome.Verdict, outcome.DecidedAt, outcome.SmtpReply.ToString())));
        Assert.Equal("ODC", string.Concat(filter.Codes));
    }

    [Theory]
    [InlineData("Postfix", "550 5.7.1 Command rejected")]
    [InlineData("Sendmail", "550 5.7.1 <x@example.test>... Command rejected")]
    public async Task A_refused_recipient_leaves_the_others(string mta, string told)
    {
        int recipients = 0;
        await using var filter = new ScriptedFilter(command => command == MilterCommand.Rcpt && recipients++ == 0 ? ScriptedFilter.Say(MilterReply.Reject) : s_continue);

        MilterOutcome outcome = (await SendAsync(filter, mta, Mail.Message(recipients: ["x@example.test", "y@example.test"])))[0];

        Assert.True(outcome.IsDelivered);
        Assert.Equal("<y@example.test>", Assert.Single(outcome.Result.Recipients).ToString());
        Assert.Equal(told, Assert.Single(outcome.RefusedRecipients).Reply.ToString());
    }

    [Fact]
    public async Task Without_a_recipient_there_is_no_DATA()
    {
        await using var filter = new ScriptedFilter(command => command == MilterCommand.Rcpt ? ScriptedFilter.Say(MilterReply.TempFail) : s_continue);

        MilterOutcome outcome = (await SendAsync(filter, "Sendmail", Mail.Message()))[0];

        Assert.Equal((MilterVerdict.TempFail, MilterCommand.Rcpt), (outcome.Verdict, outcome.DecidedAt));
        Assert.DoesNotContain("T", filter.Codes);
        Assert.Contains("A", filter.Codes);
    }

    [Theory]
    [InlineData(MilterCommand.Rcpt, MilterReply.Discard, MilterVerdict.Discard)]
    [InlineData(MilterCommand.Data, MilterReply.Accept, MilterVerdict.Accept)]
    [InlineData(MilterCommand.Header, MilterReply.Reject, MilterVerdict.Reject)]
    [InlineData(MilterCommand.Body, MilterReply.TempFail, MilterVerdict.TempFail)]
    [InlineData(MilterCommand.EndOfMessage, MilterReply.Discard, MilterVerdict.Discard)]
    public async Task A_verdict_ends_the_message_and_not_the_session(MilterCommand at, MilterReply reply, MilterVerdict verdict)
    {
        int asked = 0;
        await using var filter = new ScriptedFilter(command => command == at && asked++ == 0 ? ScriptedFilter.Say(reply) : s_continue);

        IReadOnlyList<MilterOutcome> outcomes = await SendAsync(filter, "Postfix", Mail.Message(), Mail.Message());

        Assert.Equal((verdict, at), (outcomes[0].Verdict, outcomes[0].DecidedAt));
        Assert.Equal(at == MilterCommand.EndOfMessage ? 2 : 1, filter.Codes.Count(code => code == "E"));
        Assert.Equal(MilterVerdict.Continue, outcomes[1].Verdict);
    }

    [Fact]
    public async Task Skip_ends_the_body_alone()
    {
        await using var filter = new ScriptedFilter(command => command == MilterCommand.Body ? ScriptedFilter.Say(MilterReply.Skip) : s_continue, ScriptedFilter.Agree(ProtocolSteps.Skip));
        MailTransaction message = Mail.Message();
        message.Content.Body = new byte[200_000];

        MilterOutcome outcome = (await SendAsync(filter, "Postfix", message))[0];

        Assert.True(outcome.IsDelivered);
        Assert.Single(filter.Codes, "B");
        Assert.Empty(outcome.Complaints);
    }

    [Fact]
    public async Task Skip_outside_the_body_turns_the_filter_off_for_Sendmail()
    {
        await using var filter = new ScriptedFilter(command => command == MilterCommand.Mail ? ScriptedFilter.Say(MilterReply.Skip) : s_continue);

        MilterOutcome outcome = (await SendAsync(filter, "Sendmail", Mail.Message()))[0];

        Assert.True(outcome.IsDelivered);
        Assert.DoesNotContain("E", filter.Codes);
        Assert.Contains("SKIP", Assert.Single(outcome.Complaints), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accept_in_answer_to_an_unknown_command_is_only_complained_about()
    {
        await using var filter = new ScriptedFilter(command => command == MilterCommand.Unknown ? ScriptedFilter.Say(MilterReply.Accept) : s_continue);
        await using MilterConnection connection = await MilterConnection.OpenAsync(filter.EndPoint);
        await connection.ConnectAsync(Mail.Session());

        StepReply reply = await connection.UnknownAsync("FOO bar");

        Assert.Equal(MilterVerdict.Continue, reply.Verdict);
        Assert.Contains("panics", Assert.Single(connection.Complaints), StringComparison.Ordinal);
        Assert.True((await connection.FilterAsync(Mail.Message())).IsDelivered);
    }

    [Theory]
    [InlineData("Postfix", false)]
    [InlineData("Sendmail", true)]
    public async Task A_new_HELO_gives_up_the_message(string mta, bool abortComesFirst)
    {
        await using var filter = new ScriptedFilter(_ => s_continue);
        await using MilterConnection connection = await OpenAsync(filter, mta);
        await connection.ConnectAsync(Mail.Session());
        await connection.HeloAsync();
        await connection.MailAsync(Mail.Message());

        await connection.HeloAsync("again.test");
        await connection.QuitAsync();
        await filter.EndedAsync();

        string codes = string.Concat(filter.Codes);
        Assert.Equal(abortComesFirst, codes.IndexOf('A', StringComparison.Ordinal) < codes.LastIndexOf('H'));
    }

    [Fact]
    public async Task Sendmail_says_nothing_of_a_message_whose_MAIL_has_no_reply()
    {
        await using var filter = new ScriptedFilter(command => command == MilterCommand.Mail ? [] : s_continue, ScriptedFilter.Agree(ProtocolSteps.NoReplyMail));
        await using MilterConnection connection = await OpenAsync(filter, "Sendmail");
        await connection.ConnectAsync(Mail.Session());
        await connection.MailAsync(Mail.Message());

        await connection.AbortAsync();
        await connection.QuitAsync();
        await filter.EndedAsync();

        Assert.DoesNotContain("A", filter.Codes);
    }

    [Fact]
    public async Task Refused_recipients_are_told_to_filters_that_ask()
    {
        await using var filter = new ScriptedFilter(_ => s_continue, ScriptedFilter.Agree(ProtocolSteps.RejectedRecipients));
        MailTransaction message = Mail.Message();
        message.RefusedRecipients.Add(new RefusedRecipient("nobody@example.test", new SmtpReply(550, "5.1.1", "User unknown")));

        await SendAsync(filter, "Postfix", message);

        Assert.Contains("DRi|Q1|{rcpt_addr}|User unknown|{rcpt_host}|5.1.1|{rcpt_mailer}|error|", filter.Told);
        Assert.Contains("R<nobody@example.test>|", filter.Told);
    }

    [Fact]
    public async Task Steps_out_of_order_are_the_callers_mistake()
    {
        await using var filter = new ScriptedFilter(_ => s_continue);
        await using MilterConnection connection = await MilterConnection.OpenAsync(filter.EndPoint);

        await Assert.ThrowsAsync<InvalidOperationException>(() => connection.MailAsync(Mail.Message()));
        await connection.ConnectAsync(Mail.Session());
        await Assert.ThrowsAsync<InvalidOperationException>(() => connection.EndOfMessageAsync());

        Assert.True((await connection.FilterAsync(Mail.Message())).IsDelivered);
    }

    internal static MtaPersonality Named(string mta) => MtaPersonality.Both.Single(one => one.Name == mta);

    private static Task<MilterConnection> OpenAsync(ScriptedFilter filter, string mta) =>
        MilterConnection.OpenAsync(filter.EndPoint, new MilterClientOptions { Personality = Named(mta) });

    private static async Task<IReadOnlyList<MilterOutcome>> SendAsync(ScriptedFilter filter, string mta, params MailTransaction[] messages)
    {
        await using var client = new MilterClient(filter.EndPoint, new MilterClientOptions { Personality = Named(mta) });
        IReadOnlyList<MilterOutcome> outcomes = await client.FilterAsync(Mail.Session(), messages);
        await filter.EndedAsync();
        return outcomes;
    }
}
