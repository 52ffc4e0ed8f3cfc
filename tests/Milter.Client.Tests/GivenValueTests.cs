using Milter.Protocol;

namespace Milter.Client.Tests;

/// <summary>What a caller gives that can't be is refused where it is given, in words; what a sender has written never is, and the connection goes on.</summary>
public sealed class GivenValueTests
{
    private static readonly byte[] s_continue = ScriptedFilter.Say(MilterReply.Continue);

    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(0u)]
    [InlineData(1u)]
    [InlineData(7u)]
    public void A_version_that_nobody_speaks_is_refused(uint version) =>
        Assert.Contains("2 to 6", Assert.Throws<ArgumentOutOfRangeException>(() => new MilterClientOptions { Version = version }).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void A_frame_has_a_size_that_can_be(int bytes) => Assert.Throws<ArgumentOutOfRangeException>(() => new MilterClientOptions { MaxFramePayload = bytes });

    [Fact]
    public void What_is_needed_can_not_be_left_out()
    {
        Assert.Throws<ArgumentNullException>(() => new MilterClientOptions { Personality = null! });
        Assert.Throws<ArgumentNullException>(() => new MilterClientOptions { TimeProvider = null! });
        Assert.Throws<ArgumentNullException>(() => new MailTransaction { Sender = null! });
        Assert.Throws<ArgumentNullException>(() => new MailTransaction { Content = null! });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(25L * 24 * 60 * 60)]
    public void A_time_to_wait_is_more_than_none_and_can_be_measured(long seconds)
    {
        TimeSpan time = TimeSpan.FromSeconds(seconds);

        Assert.Throws<ArgumentOutOfRangeException>(() => new MilterTimeouts(time, s_second, s_second, s_second));
        Assert.Equal("Content", Assert.Throws<ArgumentOutOfRangeException>(() => MilterTimeouts.Postfix with { Content = time }).ParamName);
        Assert.Equal(Timeout.InfiniteTimeSpan, (MilterTimeouts.Postfix with { Content = Timeout.InfiniteTimeSpan }).Content);
    }

    [Theory]
    [InlineData("X Y")]
    [InlineData("X:")]
    [InlineData("X\n")]
    [InlineData("Bücher")]
    [InlineData("")]
    public void What_is_no_name_of_a_field_is_refused(string name)
    {
        Assert.Equal("name", Assert.ThrowsAny<ArgumentException>(() => new MailHeader(name, "x")).ParamName);
        Assert.Equal("name", Assert.ThrowsAny<ArgumentException>(() => MailHeader.FromRaw(name, "x")).ParamName);
    }

    [Theory]
    [InlineData("one\nX-Injected: two")]
    [InlineData("one\n\nbody")]
    [InlineData("one\n")]
    [InlineData("one\r\nX-Injected: two")]
    public void No_value_makes_a_second_field(string value)
    {
        Assert.Equal("value", Assert.Throws<ArgumentException>(() => new MailHeader("X", value)).ParamName);
        Assert.Equal("rawValue", Assert.Throws<ArgumentException>(() => MailHeader.FromRaw("X", value)).ParamName);
    }

    [Fact]
    public void Whatever_a_message_has_can_be_read()
    {
        MailContent content = MailContent.Parse("X-A: one\r\n two\0\r\r\nB\u00fc: x\r\n\r\nbody\r\n");

        Assert.Equal(["X-A"], content.Headers.Select(static header => header.Name));
        Assert.Equal("one\n two\0\r", content.Headers[0].Value);
    }

    [Theory]
    [InlineData("a@x.test\r\nRCPT TO:<b@x.test>", "line end at position")]
    [InlineData("a\0@x.test", "NUL at position 2")]
    public async Task An_address_that_no_command_can_have_is_not_told_and_the_session_goes_on(string address, string words)
    {
        var told = new List<MilterCommand>();
        await using var filter = new ScriptedFilter(command =>
        {
            told.Add(command);
            return s_continue;
        });
        await using MilterConnection milter = await MilterConnection.OpenAsync(filter.EndPoint);
        await milter.ConnectAsync(Mail.Session());
        await milter.HeloAsync();

        MilterClientException sender = await Assert.ThrowsAsync<MilterClientException>(() => milter.MailAsync(new MailTransaction { Sender = address }));
        await milter.MailAsync(Mail.Message());
        MilterClientException recipient = await Assert.ThrowsAsync<MilterClientException>(() => milter.RcptAsync(address));
        await milter.RcptAsync(new MailPath("b@example.test"));

        Assert.All([sender, recipient], one => Assert.Equal(MilterClientError.Message, one.Error));
        Assert.Contains(words, sender.Message, StringComparison.Ordinal);
        Assert.True(milter.IsUsable);
        await milter.QuitAsync();
        Assert.Equal([MilterCommand.Connect, MilterCommand.Helo, MilterCommand.Mail, MilterCommand.Rcpt], told.Where(static one => one is not (MilterCommand.Macro or MilterCommand.Abort or MilterCommand.Quit or MilterCommand.OptNeg)));
    }

    [Fact]
    public async Task A_step_that_is_begun_before_another_has_ended_is_refused_and_changes_nothing()
    {
        using var answer = new ManualResetEventSlim();
        await using var filter = new ScriptedFilter(command =>
        {
            if (command == MilterCommand.Mail)
            {
                answer.Wait();
            }

            return s_continue;
        });
        await using MilterConnection milter = await MilterConnection.OpenAsync(filter.EndPoint);
        await milter.ConnectAsync(Mail.Session());
        Task<StepReply> mail = milter.MailAsync(Mail.Message());

        InvalidOperationException rcpt = await Assert.ThrowsAsync<InvalidOperationException>(() => milter.RcptAsync("b@example.test"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => milter.HeloAsync("other.example.test"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => milter.AbortAsync());
        await Assert.ThrowsAsync<InvalidOperationException>(() => milter.QuitAsync());
        answer.Set();

        Assert.StartsWith("MAIL is still at work on this connection", rcpt.Message, StringComparison.Ordinal);
        Assert.Equal(MilterVerdict.Continue, (await mail).Verdict);
        Assert.Equal(MilterVerdict.Continue, (await milter.RcptAsync("b@example.test")).Verdict);
        await milter.QuitAsync();
    }
}
