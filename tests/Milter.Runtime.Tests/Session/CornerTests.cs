using Milter.CompilerServices;
using Milter.Protocol;
using Milter.Session;
using Milter.Tests;

namespace Milter.Runtime.Tests.Session;

/// <summary>Protects the corners in which a message could pass unjudged, or a verdict reach another message.</summary>
public sealed class CornerTests
{
    private const ProtocolSteps NothingButRcpt = ProtocolSteps.NoConnect | ProtocolSteps.NoHelo | ProtocolSteps.NoMail | ProtocolSteps.NoData
        | ProtocolSteps.NoHeaders | ProtocolSteps.NoEndOfHeaders | ProtocolSteps.NoBody | ProtocolSteps.NoUnknown;

    [Fact]
    public void Without_MAIL_an_accepted_message_does_not_let_all_later_ones_pass()
    {
        var verdicts = new Queue<Verdict>([Verdict.Accept, Verdict.Reject()]);
        var mta = new SessionDriver(SessionDriver.Need(MilterStages.Rcpt, NothingButRcpt), (_, _) => new(verdicts.Dequeue()));
        mta.Negotiate();
        Assert.Equal("a", mta.Rcpt("<friend@example.test>"));
        Assert.Equal("r", mta.Rcpt("<nobody@example.test>"));
    }

    [Fact]
    public void Without_MAIL_a_refused_message_does_not_have_all_later_ones_refused()
    {
        var verdicts = new Queue<Verdict>([Verdict.Reject(), default]);
        var mta = new SessionDriver(
            SessionDriver.Need(MilterStages.Header, (NothingButRcpt & ~ProtocolSteps.NoHeaders) | ProtocolSteps.NoRcpt),
            (_, _) => new(verdicts.Dequeue()));
        mta.Negotiate();
        Assert.Equal("r", mta.Header("Subject", "spam"));
        Assert.Equal("c", mta.Header("Subject", "ham"));
    }

    [Fact]
    public void A_refusal_of_mail_that_did_not_come_by_SMTP_is_not_told_at_the_next_recipient()
    {
        var mta = new SessionDriver(
            SessionDriver.Everything(),
            (at, _) => new(at == MilterStages.Rcpt ? Verdict.Reject() : default));
        mta.Negotiate();
        mta.Send(b => CommandWriter.Connect(b, "localhost"u8, ClientFamily.IPv4, 0, "127.0.0.1"u8));
        mta.Helo("localhost");
        mta.Mail("a@example.test");
        Assert.Equal("c", mta.Rcpt("b@example.test"));
        Assert.Equal("c", mta.Rcpt("c@example.test"));
        Assert.Equal("r", mta.Eom());
    }

    [Fact]
    public void A_drain_does_not_refuse_a_recipient_of_mail_that_did_not_come_by_SMTP()
    {
        var mta = new SessionDriver(SessionDriver.Everything());
        mta.Negotiate();
        mta.Send(b => CommandWriter.Connect(b, "localhost"u8, ClientFamily.IPv4, 0, "127.0.0.1"u8));
        mta.Helo("localhost");
        mta.Mail("a@example.test");
        mta.Session.BeginDrain();
        Assert.Equal("c", mta.Rcpt("b@example.test"));
    }

    [Fact]
    public void ACCEPT_of_the_session_never_answers_UNKNOWN()
    {
        SessionDriver mta = new SessionDriver(SessionDriver.Everything(), (at, _) => new(at == MilterStages.Helo ? Verdict.Accept : default)).Started();
        Assert.Equal("c", mta.Unknown());
    }

    [Fact]
    public void A_fault_that_accepts_never_answers_UNKNOWN()
    {
        SessionDriver mta = new(
            SessionDriver.Need((MilterStages)0x3FFF, ProtocolSteps.NoReplyConnect),
            (at, _) => at == MilterStages.Connect ? throw new InvalidOperationException("x") : default,
            settings => settings.With(o => o.OnException = FailureVerdict.Accept));
        mta.Negotiate();
        mta.Connect();
        Assert.Equal("c", mta.Unknown());
    }

    [Fact]
    public void A_recipient_that_is_kept_beyond_its_handler_throws()
    {
        var kept = new List<EnvelopeAddress>();
        SessionDriver mta = new SessionDriver(SessionDriver.Everything(), (at, step) =>
        {
            if (at == MilterStages.Rcpt)
            {
                kept.Add(step.Address);
            }

            return default;
        }).Started();
        mta.Mail();
        mta.Rcpt("<first@example.test>");
        mta.Rcpt("<second@example.test>");
        Assert.Throws<InvalidOperationException>(() => kept[0].Address);
    }

    [Fact]
    public void A_connection_over_the_cap_makes_no_instance()
    {
        var mta = new SessionDriver(SessionDriver.Everything(), with: settings => settings with { Refuse = true }).Started();
        Assert.StartsWith("y:421", mta.Mail(), StringComparison.Ordinal);
        Assert.Empty(mta.Filters);
    }

    [Fact]
    public void A_second_OPTNEG_that_offers_what_was_missing_ends_the_refusal()
    {
        var mta = new SessionDriver(SessionDriver.Need(MilterStages.Eom, (ProtocolSteps)0x37F, required: MilterActions.ChangeSender, wantedActions: 0));
        mta.Negotiate(6, 0x3F);
        mta.Negotiate(6, 0x1FF);
        mta.Mail();
        Assert.Equal("c", mta.Eom());
    }

    [Fact]
    public void A_recipient_that_the_MTA_refused_hears_neither_of_a_drain_nor_of_a_fault()
    {
        var mta = new SessionDriver(
            SessionDriver.Need(MilterStages.Mail | MilterStages.Rcpt | MilterStages.RejectedRcpt, ProtocolSteps.NoReplyMail, wanted: ProtocolSteps.RejectedRecipients),
            (at, _) => at == MilterStages.Mail ? throw new InvalidOperationException("broken") : default,
            settings => settings.With(o => o.OnException = FailureVerdict.Accept)).Started();
        mta.Mail();
        mta.Session.BeginDrain();
        mta.Macros(MilterCommand.Rcpt, ("{rcpt_mailer}", "error"));
        Assert.Equal("c", mta.Rcpt());
    }

    [Fact]
    public void A_header_without_end_is_refused_and_not_kept()
    {
        var mta = new SessionDriver(
            SessionDriver.Need(MilterStages.Eom, collects: CollectedData.HeaderNames),
            with: settings => settings.With(o => (o.MaxHeaderFields, o.MaxHeaderSize, o.MaxRecipients) = (3, 100, 2))).Started();
        mta.Mail();
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal("c", mta.Header("A", "b"));
        }

        Assert.StartsWith("y:552 5.3.4", mta.Header("A", "b"), StringComparison.Ordinal);
        Assert.StartsWith("y:552 5.3.4", mta.Eom(), StringComparison.Ordinal);
    }

    [Fact]
    public void Recipients_beyond_the_limit_are_for_another_message()
    {
        var mta = new SessionDriver(
            SessionDriver.Need(MilterStages.Eom, collects: CollectedData.Recipients),
            with: settings => settings.With(o => (o.MaxHeaderFields, o.MaxHeaderSize, o.MaxRecipients) = (3, 100, 2))).Started();
        mta.Mail();
        Assert.Equal("c", mta.Rcpt());
        Assert.Equal("c", mta.Rcpt());
        Assert.StartsWith("y:452 4.5.3", mta.Rcpt(), StringComparison.Ordinal);
        Assert.Equal("c", mta.Eom());
    }
}
