using Milter.Protocol;

namespace Milter.Runtime.Tests.Session;

/// <summary>Protects what a verdict ends, and the gate through which every verdict goes.</summary>
public sealed class VerdictTests
{
    private static readonly Verdict s_no = Verdict.Reject(550, "5.7.1", "no");
    private static readonly Verdict s_later = Verdict.TempFail(451, "4.7.1", "100% busy");

    private static SessionDriver At(MilterStages stage, Verdict verdict, MilterStages handles = (MilterStages)0x3FFF) =>
        new SessionDriver(SessionDriver.Need(handles), (at, _) => new(at == stage ? verdict : default)).Started();

    [Fact]
    public void Each_verdict_has_its_reply()
    {
        (Verdict Verdict, string Reply)[] table =
        [
            (Verdict.Continue, "c"), (Verdict.Accept, "a"), (Verdict.Reject(), "r"), (Verdict.TempFail(), "t"), (Verdict.Discard, "d"),
            (s_no, "y:550 5.7.1 no"), (s_later, "y:451 4.7.1 100%% busy"),
            (Verdict.Reject(550, "5.7.1", "one", "two"), "y:550-5.7.1 one\r\n550 5.7.1 two"),
        ];
        foreach ((Verdict verdict, string reply) in table)
        {
            SessionDriver mta = At(MilterStages.Eom, verdict);
            Assert.Equal($"c c c c c c {reply}", mta.Message());
        }
    }

    // Sendmail takes the eighth bit away: control characters of UTF-8, line ends among them.
    [Fact]
    public void Words_go_out_in_ASCII()
    {
        Verdict verdict = Verdict.Reject(550, "5.7.1", "gr\u00fcn\t\u201d");
        Assert.Equal("c c c c c c y:550 5.7.1 gr??n\t???", At(MilterStages.Eom, verdict).Message());
        Assert.Equal("550 5.7.1 gr\u00fcn\t\u201d\0"u8, verdict.ReplyFor(allowsUtf8: true));
        Assert.Equal("550 5.7.1 gr??n\t???\0"u8, verdict.ReplyFor(allowsUtf8: false));
        Assert.Equal("Reject 550 5.7.1 gr\u00fcn\t\u201d", verdict.ToString());
        Assert.NotEqual(verdict, Verdict.Reject(550, "5.7.1", "gr??n\t???"));
        Assert.Equal(verdict, Verdict.Reject(550, "5.7.1", "gr\u00fcn\t\u201d"));
    }

    [Theory]
    [InlineData(null, "550 5.7.1 ")]
    [InlineData("a\r\nb\0\u001b", "550-5.7.1 a\r\n550 5.7.1 b??")]
    [InlineData("100%", "550 5.7.1 100%%")]
    public void Words_that_are_data_never_throw(string? data, string reply)
    {
        Assert.Equal($"c c c c c c y:{reply}", At(MilterStages.Eom, Verdict.RejectCleaned(550, "5.7.1", data)).Message());
        Assert.Equal(VerdictKind.TempFail, Verdict.TempFailCleaned(451, "4.7.1", data).Kind);
        Assert.Equal(VerdictKind.Reject, Verdict.RejectCleaned(550, null, new string('\u201d', 100_000)).Kind);
    }

    [Theory]
    [InlineData(MilterStages.Mail)]
    [InlineData(MilterStages.Header)]
    [InlineData(MilterStages.Eoh)]
    [InlineData(MilterStages.Body)]
    public void A_refusal_ends_the_message_and_a_step_that_comes_all_the_same_gets_it_again(MilterStages stage)
    {
        SessionDriver mta = At(stage, s_no);
        string replies = mta.Message();

        Assert.EndsWith("y:550 5.7.1 no y:550 5.7.1 no", replies, StringComparison.Ordinal);
        Assert.DoesNotContain("Eom", mta.Calls);
        Assert.Equal("MessageEnd:Refused", mta.Calls.Last());
        Assert.DoesNotContain("Abort", mta.Calls);
    }

    [Fact]
    public void A_refused_recipient_is_no_end()
    {
        SessionDriver mta = At(MilterStages.Rcpt, s_no);
        Assert.Equal("c y:550 5.7.1 no c c c c c", mta.Message());
        Assert.Equal("MessageEnd:Passed", mta.Calls.Last());
    }

    [Theory]
    [InlineData(MilterStages.Mail)]
    [InlineData(MilterStages.Rcpt)]
    [InlineData(MilterStages.Data)]
    public void ACCEPT_in_the_envelope_ends_this_message_only(MilterStages stage)
    {
        int message = 0;
        var mta = new SessionDriver(
            SessionDriver.Everything(),
            (at, _) => new(at == stage && message == 0 ? Verdict.Accept : default)).Started();
        string first = mta.Message();
        message++;

        Assert.Contains("a", first, StringComparison.Ordinal);
        Assert.DoesNotContain("Eom", mta.Calls);
        Assert.Equal("c c c c c c c", mta.Message());
        Assert.Equal(2, mta.Calls.Count(call => call == "MessageEnd:Passed"));
    }

    [Fact]
    public void DISCARD_at_RCPT_ends_the_message()
    {
        SessionDriver mta = At(MilterStages.Rcpt, Verdict.Discard);
        mta.Mail();
        Assert.Equal("d", mta.Rcpt());
        mta.Abort();
        Assert.Equal("MessageEnd:Discarded", mta.Calls.Last());
    }

    [Fact]
    public void After_a_refused_DATA_Sendmail_goes_on_with_more_recipients()
    {
        bool refuse = true;
        var mta = new SessionDriver(SessionDriver.Everything(), (at, _) => new(at == MilterStages.Data && refuse ? s_later : default)).Started();
        mta.Mail();
        mta.Rcpt();
        Assert.Equal("y:451 4.7.1 100%% busy", mta.Data());
        refuse = false;
        Assert.Equal("c", mta.Rcpt("<c@example.test>"));
        Assert.Equal("c", mta.Data());
        Assert.Equal("c", mta.Eom());
        Assert.Equal("MessageEnd:Passed", mta.Calls.Last());
    }

    [Fact]
    public void A_message_that_was_refused_at_DATA_and_given_up_was_refused()
    {
        SessionDriver mta = At(MilterStages.Data, s_later);
        mta.Mail();
        mta.Rcpt();
        mta.Data();
        mta.Abort();
        Assert.Equal("MessageEnd:Refused", mta.Calls.Last());
        Assert.DoesNotContain("Abort", mta.Calls);
    }

    [Theory]
    [InlineData(MilterStages.Connect)]
    [InlineData(MilterStages.Helo)]
    public void A_refusal_before_any_message_holds_for_the_session(MilterStages stage)
    {
        SessionDriver mta = At(stage, s_no);
        Assert.Equal("y:550 5.7.1 no", mta.Mail());
        Assert.Equal("y:550 5.7.1 no", mta.Eom());
        Assert.DoesNotContain("Mail", mta.Calls);
    }

    [Fact]
    public void ACCEPT_and_DISCARD_never_answer_UNKNOWN_since_Postfix_panics_at_them()
    {
        foreach (Verdict verdict in new[] { Verdict.Accept, Verdict.Discard, Verdict.Skip })
        {
            SessionDriver mta = At(MilterStages.Unknown, verdict);
            Assert.Equal("c", mta.Unknown());
            Assert.Contains(mta.Log.Lines, line => line.StartsWith("Warning 206", StringComparison.Ordinal));
        }

        Assert.Equal("y:550 5.7.1 no", At(MilterStages.Unknown, s_no).Unknown());
    }

    [Fact]
    public void DISCARD_before_any_message_refuses_for_now_since_Sendmail_would_switch_the_filter_off()
    {
        SessionDriver mta = At(MilterStages.Helo, Verdict.Discard);
        Assert.Equal("t", mta.Mail());
    }

    [Theory]
    [InlineData(MilterStages.Mail)]
    [InlineData(MilterStages.Header)]
    [InlineData(MilterStages.Eom)]
    public void SKIP_outside_the_body_goes_on_since_Sendmail_would_switch_the_filter_off(MilterStages stage) =>
        Assert.Equal("c c c c c c c", At(stage, Verdict.Skip).Message());

    [Fact]
    public void SKIP_is_sent_once_and_only_where_it_was_offered()
    {
        SessionDriver mta = At(MilterStages.Body, Verdict.Skip);
        mta.Mail();
        mta.Rcpt();
        Assert.Equal("s", mta.Body());
        Assert.Equal("c", mta.Body());

        var old = new SessionDriver(SessionDriver.Everything(), (at, _) => new(at == MilterStages.Body ? Verdict.Skip : default));
        old.Negotiate(6, 0x1FF, 0x1FFFFF & ~0x400u);
        old.Mail();
        Assert.Equal("c", old.Body());
    }

    [Fact]
    public void A_body_that_is_collected_is_not_skipped_because_a_handler_has_had_enough()
    {
        var mta = new SessionDriver(
            SessionDriver.Need((MilterStages)0x3FFF, collects: CollectedData.Body),
            (at, _) => new(at == MilterStages.Body ? Verdict.Skip : default)).Started();
        mta.Mail();
        Assert.Equal("c", mta.Body());
    }

    [Fact]
    public void A_recipient_that_the_MTA_refused_is_answered_with_continue_whatever_happens()
    {
        var descriptor = SessionDriver.Need(MilterStages.Rcpt | MilterStages.RejectedRcpt, wanted: ProtocolSteps.RejectedRecipients, collects: CollectedData.Recipients);
        var mta = new SessionDriver(descriptor, (_, _) => new(Verdict.Accept)).Started();
        mta.Mail();
        mta.Macros(MilterCommand.Rcpt, ("{rcpt_mailer}", "error"), ("{rcpt_host}", "5.7.1"));
        Assert.Equal("c", mta.Rcpt());
        Assert.Equal(["RejectedRcpt"], mta.Calls);

        // The macros of the refused one say nothing about the next.
        Assert.Equal("a", mta.Rcpt());
    }

    [Fact]
    public void A_refused_recipient_of_mail_that_did_not_come_by_SMTP_waits_until_the_end()
    {
        SessionDriver mta = At(MilterStages.Rcpt, s_no);
        mta.QuitNewConnection();
        mta.Send(b => CommandWriter.Connect(b, "localhost"u8, ClientFamily.IPv4, 0, "127.0.0.1"u8));
        mta.Helo("localhost");
        mta.Mail("a@example.test");
        Assert.Equal("c", mta.Rcpt("b@example.test"));
        Assert.EndsWith("y:550 5.7.1 no", mta.Eom(), StringComparison.Ordinal);
    }
}
