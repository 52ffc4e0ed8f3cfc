using Milter.Protocol;
using Milter.Session;

namespace Milter.Runtime.Tests.Session;

/// <summary>Protects mail against handlers that throw, limits, draining and MTAs that lack something: nothing is lost, nothing passes unseen.</summary>
public sealed class FaultTests
{
    private const ProtocolSteps MailWaived = ProtocolSteps.NoReplyMail | ProtocolSteps.NoReplyRcpt | ProtocolSteps.NoReplyData | ProtocolSteps.NoReplyHeader | ProtocolSteps.NoReplyEndOfHeaders | ProtocolSteps.NoReplyBody;

    private static Func<MilterStages, CompilerServices.StepContext, ValueTask<Verdict>> ThrowAt(MilterStages stage) =>
        (at, _) => at == stage ? throw new InvalidOperationException("broken") : default;

    [Fact]
    public void A_handler_that_throws_refuses_for_now_and_the_connection_goes_on()
    {
        var mta = new SessionDriver(SessionDriver.Everything(), ThrowAt(MilterStages.Eom)).Started();
        mta.Macros(MilterCommand.Mail, ("i", "4ABC"));
        Assert.Equal("c c c c c c t", mta.Message());
        Assert.Contains(mta.Log.Lines, line => line.StartsWith("Error 204", StringComparison.Ordinal) && line.Contains("4ABC", StringComparison.Ordinal));
        Assert.Equal("c", mta.Mail());
    }

    [Fact]
    public async Task An_async_handler_that_throws_does_the_same()
    {
        var gate = new TaskCompletionSource();
        var mta = new SessionDriver(SessionDriver.Everything(), (at, _) => at == MilterStages.Eom ? Fail(gate.Task) : default).Started();
        mta.Message();
        Assert.True(mta.IsSuspended);
        gate.SetResult();
        Assert.Equal("t", await mta.FinishAsync());

        static async ValueTask<Verdict> Fail(Task gate)
        {
            await gate;
            throw new InvalidOperationException("broken");
        }
    }

    [Fact]
    public void The_exception_verdict_is_the_users_choice()
    {
        var mta = new SessionDriver(SessionDriver.Everything(), ThrowAt(MilterStages.Eom), settings => settings.With(o => o.OnException = FailureVerdict.Accept)).Started();
        Assert.EndsWith(" a", mta.Message(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MilterStages.Mail)]
    [InlineData(MilterStages.Rcpt)]
    [InlineData(MilterStages.Header)]
    [InlineData(MilterStages.Body)]
    public void A_fault_in_a_step_without_reply_is_told_at_the_next_that_has_one(MilterStages stage)
    {
        var mta = new SessionDriver(SessionDriver.Need((MilterStages)0x3FFF, MailWaived), ThrowAt(stage)).Started();
        Assert.Equal("t", mta.Message());
        Assert.DoesNotContain("Eom", mta.Calls);
        Assert.Equal("MessageEnd:Refused", mta.Calls.Last());
    }

    [Fact]
    public void A_fault_at_CONNECT_without_reply_holds_for_the_session()
    {
        var mta = new SessionDriver(SessionDriver.Need((MilterStages)0x3FFF, MailWaived | ProtocolSteps.NoReplyConnect | ProtocolSteps.NoReplyHelo), ThrowAt(MilterStages.Connect)).Started();
        Assert.Equal("t", mta.Message());
        Assert.Equal("t", mta.Message());
    }

    [Fact]
    public void A_constructor_that_throws_refuses_for_now()
    {
        var mta = new SessionDriver(SessionDriver.Everything(), null, settings => settings with { Create = _ => throw new InvalidOperationException("no database") });
        mta.Negotiate();
        Assert.Equal("t", mta.Connect());
        Assert.Contains(mta.Log.Lines, line => line.StartsWith("Error 204", StringComparison.Ordinal));
    }

    [Fact]
    public void A_drain_lets_the_open_message_finish_and_answers_the_next_MAIL_with_421()
    {
        var mta = new SessionDriver(SessionDriver.Everything()).Started();
        mta.Mail();
        mta.Rcpt();
        mta.Session.BeginDrain();
        Assert.Equal("c", mta.Data());
        Assert.Equal("c", mta.Eom());
        Assert.StartsWith("y:421 4.3.2", mta.Mail(), StringComparison.Ordinal);
        Assert.Equal(1, mta.Calls.Count(call => call == "Mail"));
    }

    [Fact]
    public void A_drain_ends_the_session_at_RCPT_too()
    {
        var mta = new SessionDriver(SessionDriver.Everything()).Started();
        mta.Mail();
        mta.Session.BeginDrain();
        Assert.StartsWith("y:421 4.3.2", mta.Rcpt(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_drain_where_the_envelope_has_no_reply_is_told_at_EOM_of_the_next_message()
    {
        var mta = new SessionDriver(SessionDriver.Need((MilterStages)0x3FFF, MailWaived)).Started();
        mta.Mail();
        mta.Session.BeginDrain();
        Assert.Equal("c", mta.Eom());
        Assert.StartsWith("y:421 4.3.2", mta.Message(), StringComparison.Ordinal);
        Assert.Equal(1, mta.Calls.Count(call => call == "Eom"));
    }

    [Fact]
    public void Over_the_cap_MAIL_keeps_its_reply_and_is_answered_with_421()
    {
        var mta = new SessionDriver(SessionDriver.Need(MilterStages.Eom, (ProtocolSteps)0x37F), null, settings => settings with { Refuse = true });
        Assert.StartsWith("O:00000006000000ff0000077b", mta.Negotiate(), StringComparison.Ordinal);
        Assert.StartsWith("y:421 4.3.2", mta.Mail(), StringComparison.Ordinal);
        Assert.Empty(mta.Filters);
    }

    [Theory]
    [InlineData(MissingCapability.TempFail)]
    [InlineData(MissingCapability.Close)]
    [InlineData(MissingCapability.Degrade)]
    public void What_is_required_and_not_offered_follows_the_policy(MissingCapability policy)
    {
        var descriptor = SessionDriver.Need(MilterStages.Eom, (ProtocolSteps)0x37F, required: MilterActions.ChangeSender, wantedActions: 0);
        var mta = new SessionDriver(descriptor, null, settings => settings.With(o => o.OnMissingCapability = policy));
        string answer = mta.Negotiate(6, 0x3F);

        Assert.Contains(mta.Log.Lines, line => line.StartsWith("Error 202", StringComparison.Ordinal) && line.Contains("ChangeSender", StringComparison.Ordinal));
        switch (policy)
        {
            case MissingCapability.TempFail:
                Assert.Equal("t", mta.Mail());
                Assert.Empty(mta.Filters);
                break;
            case MissingCapability.Close:
                Assert.Equal("", answer);
                Assert.True(mta.IsClosed);
                break;
            default:
                Assert.Equal("c", mta.Eom());
                Assert.Single(mta.Filters);
                break;
        }
    }

    [Fact]
    public async Task The_next_frame_waits_for_a_handler_without_reply()
    {
        var gate = new TaskCompletionSource();
        var mta = new SessionDriver(
            SessionDriver.Need((MilterStages)0x3FFF, MailWaived),
            (at, _) => at == MilterStages.Header ? Wait(gate.Task) : default).Started();
        mta.Mail();
        mta.Header();
        Assert.True(mta.IsSuspended);
        Assert.DoesNotContain("Eoh", mta.Calls);
        gate.SetResult();
        Assert.Equal("", await mta.FinishAsync());
        mta.Eoh();
        Assert.Contains("Eoh", mta.Calls);

        static async ValueTask<Verdict> Wait(Task gate)
        {
            await gate;
            return default;
        }
    }

    [Fact]
    public async Task An_async_end_of_message_holds_back_the_next_message_and_not_the_reply()
    {
        var gate = new TaskCompletionSource();
        var mta = new SessionDriver(
            SessionDriver.Everything(),
            (at, _) => at == MilterStages.MessageEnd ? new ValueTask<Verdict>(gate.Task.ContinueWith(_ => default(Verdict), TaskScheduler.Default)) : default).Started();
        Assert.Equal("c c c c c c c", mta.Message());
        Assert.True(mta.IsSuspended);
        gate.SetResult();
        await mta.FinishAsync();
        Assert.Equal("c", mta.Mail());
    }
}
