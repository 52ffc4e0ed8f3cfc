using Milter.Protocol;

namespace Milter.Client.Tests;

/// <summary>Protects that content which breaks the rules is told as the MTAs tell it, or refused by name, and never ends in an exception from below.</summary>
public class OddContentTests
{
    private static readonly byte[] s_continue = ScriptedFilter.Say(MilterReply.Continue);

    [Theory]
    [InlineData("Postfix", "LX-A|one\n t\n three|")]
    [InlineData("Sendmail", "LX-A|onetwo\n two\n three|")]
    public async Task A_NUL_in_a_field_is_what_it_is_to_the_MTA(string mta, string told)
    {
        await using var filter = new ScriptedFilter(_ => s_continue);

        MilterOutcome outcome = await SendAsync(filter, mta, Mail.Message("X-A: one\0two\n t\0wo\n three\n\nbody\n"));

        Assert.Contains(told, filter.Told);
        Assert.DoesNotContain('\0', outcome.Result.Content.Headers[0].RawValue);
        Assert.Contains('\0', outcome.Original.Content.Headers[0].RawValue);
    }

    [Fact]
    public async Task A_field_that_Postfix_cuts_is_told_cut_and_so_delivered()
    {
        await using var filter = new ScriptedFilter(_ => s_continue);

        MilterOutcome outcome = await SendAsync(filter, "Postfix", Mail.Message($"X-A: {new string('x', 70_000)}\n folded\nX-B: b\n\nbody\n"));

        Assert.Equal($"LX-A|{new string('x', 59_995)}|", filter.Told.Single(told => told.StartsWith("LX-A", StringComparison.Ordinal)));
        Assert.Equal(59_995, outcome.Result.Content.Headers[0].Value.Length);
    }

    [Fact]
    public async Task A_bare_CR_is_a_blank_to_Postfix()
    {
        await using var filter = new ScriptedFilter(_ => s_continue);
        MailTransaction message = Mail.Message("X-A: a\rb\n\n");
        message.Content.Body = "one\rtwo\r\nthree\r"u8.ToArray();

        MilterOutcome outcome = await SendAsync(filter, "Postfix", message);

        Assert.Contains("LX-A|a b|", filter.Told);
        Assert.Contains("Bone two\r\nthree ", filter.Told);
        Assert.Equal("one two\r\nthree "u8, outcome.Result.Content.Body.Span);
    }

    public static TheoryData<string, string> Refused => new()
    {
        { $"X-Long: {new string('x', 33_000)}\n\nbody\n", "of them in X-Long, and 32768 may be" },
        { "X-Odd: a\rb\n\nbody\n", "header field X-Odd has a bare CR" },
    };

    [Theory, MemberData(nameof(Refused))]
    public async Task What_Sendmail_refuses_is_refused_by_name_and_the_connection_goes_on(string content, string reason)
    {
        await using var filter = new ScriptedFilter(_ => s_continue);
        await using MilterConnection milter = await OpenAsync(filter, "Sendmail");

        MilterClientException refused = await Assert.ThrowsAsync<MilterClientException>(() => milter.FilterAsync(Mail.Message(content)));
        Assert.Equal(MilterClientError.Message, refused.Error);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(filter.Codes, code => code is "M" or "L");

        Assert.True((await milter.FilterAsync(Mail.Message())).IsDelivered);
    }

    [Fact]
    public async Task A_field_that_goes_into_no_packet_is_named()
    {
        await using var filter = new ScriptedFilter(_ => s_continue);
        await using MilterConnection milter = await OpenAsync(filter, "Sendmail");
        await milter.MailAsync(Mail.Message());

        MilterClientException refused = await Assert.ThrowsAsync<MilterClientException>(() => milter.HeaderAsync(new MailHeader("X-Long", new string('x', 65_600))));

        Assert.Contains("X-Long has 65601 bytes", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-A: one\nX-\u00e9: b\nX-B: b\n\nbody\n")]
    [InlineData("X-A: one\nX-\u007f: b\nX-B: b\n\nbody\n")]
    [InlineData("X-A: one\nX-\u0001: b\nX-B: b\n\nbody\n")]
    [InlineData("X-A: one\nno field\nX-B: b\n\nbody\n")]
    public void What_is_no_field_name_ends_the_header(string message)
    {
        MailContent content = MailContent.Parse(message);

        Assert.Equal("X-A", Assert.Single(content.Headers).Name);
        Assert.Equal(message[9..].Replace("\n", "\r\n", StringComparison.Ordinal), WireText.GetString(content.Body.Span));
    }

    [Theory]
    [InlineData("\uFEFFSubject: s\n\nbody\n")]
    [InlineData("From ann@example.org Thu Jan  1 00:00:00 2026\nSubject: s\n\nbody\n")]
    [InlineData("\uFEFFFrom - Thu Jan  1 00:00:00 2026\r\nSubject: s\r\n\r\nbody\r\n")]
    public void Marks_of_files_are_left_out(string message)
    {
        MailContent content = MailContent.Parse(message);

        Assert.Equal("Subject: s", Assert.Single(content.Headers).ToString());
        Assert.Equal("body\r\n"u8, content.Body.Span);
    }

    [Theory]
    [InlineData("Postfix", "550 5.7.1 gr\u00fcn", 1)]
    [InlineData("Sendmail", "550 5.7.1 grC<n", 1)]
    [InlineData("Postfix", "550 5.7.1 plain", 0)]
    public async Task Words_that_are_not_ASCII_are_told_as_the_MTA_tells_them_and_complained_of(string mta, string told, int complaints)
    {
        string words = told.Contains("plain", StringComparison.Ordinal) ? told : "550 5.7.1 gr\u00fcn";
        await using var filter = new ScriptedFilter(command => command == MilterCommand.EndOfMessage ? ScriptedFilter.Raw('y', words + "\0") : s_continue);

        MilterOutcome outcome = await SendAsync(filter, mta, Mail.Message());

        Assert.Equal(told, outcome.SmtpReply.ToString());
        Assert.Equal(complaints, outcome.Complaints.Count(complaint => complaint.Contains("printable ASCII", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_connection_is_kept_only_where_filters_understand_it()
    {
        byte[] end = s_continue;
        await using var filter = new ScriptedFilter(command => command == MilterCommand.EndOfMessage ? end : s_continue);
        await using MilterConnection milter = await OpenAsync(filter, "Postfix");

        Assert.Contains("right after a message", (await Assert.ThrowsAsync<InvalidOperationException>(() => milter.RenewAsync())).Message, StringComparison.Ordinal);
        end = ScriptedFilter.Say(MilterReply.Accept);
        await milter.FilterAsync(Mail.Message());
        Assert.False(milter.CanRenew);
        await Assert.ThrowsAsync<InvalidOperationException>(() => milter.RenewAsync());
        end = s_continue;
        await milter.FilterAsync(Mail.Message());
        Assert.True(milter.CanRenew);

        await milter.RenewAsync();
        await milter.ConnectAsync(Mail.Session());

        Assert.Equal(["K", "C"], filter.Codes.Where(code => code is "K" or "C").TakeLast(2));
    }

    [Fact]
    public async Task Flags_that_were_not_offered_are_named()
    {
        await using var filter = new ScriptedFilter(_ => s_continue, ScriptedFilter.Agree(ProtocolSteps.Skip, MilterActions.AddHeaders | MilterActions.Quarantine));
        var options = new MilterClientOptions { Personality = MtaPersonality.Sendmail, Actions = MilterActions.AddHeaders, Steps = ProtocolSteps.NoBody };

        MilterClientException refused = await Assert.ThrowsAsync<MilterClientException>(async () => await MilterConnection.OpenAsync(filter.EndPoint, options));

        Assert.Contains("action Quarantine (0x20), step Skip (0x400)", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<MilterConnection> OpenAsync(ScriptedFilter filter, string mta)
    {
        MilterConnection milter = await MilterConnection.OpenAsync(filter.EndPoint, new MilterClientOptions { Personality = MtaPersonality.Both.Single(one => one.Name == mta) });
        await milter.ConnectAsync(Mail.Session());
        return milter;
    }

    private static async Task<MilterOutcome> SendAsync(ScriptedFilter filter, string mta, MailTransaction message)
    {
        await using MilterConnection milter = await OpenAsync(filter, mta);
        MilterOutcome outcome = await milter.FilterAsync(message);
        await milter.QuitAsync();
        return outcome;
    }
}
