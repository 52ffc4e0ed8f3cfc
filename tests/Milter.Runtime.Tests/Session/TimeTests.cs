using Milter.CompilerServices;
using Milter.Protocol;
using Milter.Session;
using Milter.Tests;

namespace Milter.Runtime.Tests.Session;

/// <summary>Protects the MTA against filters that take too long: progress, budgets, expiry verdicts, and what becomes of the late handler.</summary>
public sealed class TimeTests
{
    private readonly ManualTime _time = new();
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StepContext? _step;
    private CancellationToken _token;

    // Suspends once, at one stage, until the gate opens.
    private SessionDriver Slow(MilterStages stage, MilterDescriptor? descriptor = null)
    {
        bool slow = true;
        return new SessionDriver(
            descriptor ?? SessionDriver.Everything(),
            (at, step) =>
            {
                if (at != stage || !slow)
                {
                    return default;
                }

                slow = false;
                _step = step;
                _token = step.Cancellation;
                return Wait();
            },
            settings => settings with { Time = _time }).Started();

        async ValueTask<Verdict> Wait()
        {
            await _gate.Task;
            return Verdict.Accept;
        }
    }

    private void Pass(SessionDriver mta, double seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        Assert.False(mta.Watch());
    }

    private string Expire(SessionDriver mta, double seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        Assert.True(mta.Watch());
        return mta.Take();
    }

    [Fact]
    public async Task While_EOM_runs_the_MTA_is_told_so_every_three_seconds_and_not_before()
    {
        SessionDriver mta = Slow(MilterStages.Eom);
        mta.Message();
        Pass(mta, 2.9);
        Assert.Equal("", mta.Take());
        Pass(mta, 0.1);
        Assert.Equal("p", mta.Take());
        Pass(mta, 3);
        Pass(mta, 1);
        Assert.Equal("p", mta.Take());
        _gate.SetResult();
        Assert.Equal("a", await mta.FinishAsync());
        Pass(mta, 10);
        Assert.Equal("", mta.Take());
    }

    [Theory]
    [InlineData(MilterStages.Connect)]
    [InlineData(MilterStages.Mail)]
    [InlineData(MilterStages.Header)]
    [InlineData(MilterStages.Body)]
    public void Progress_is_told_nowhere_but_at_EOM_since_Sendmail_takes_it_for_an_error(MilterStages stage)
    {
        SessionDriver mta = Slow(stage);
        mta.Message();
        Pass(mta, 7);
        Assert.Equal("", mta.Take());
    }

    [Fact]
    public void A_command_whose_time_is_spent_gets_the_expiry_verdict_after_its_token_and_a_grace()
    {
        SessionDriver mta = Slow(MilterStages.Rcpt);
        mta.Mail();
        mta.Rcpt();
        Pass(mta, 8);
        Assert.True(_token.IsCancellationRequested);
        Assert.Equal("", mta.Take());
        Assert.Equal("t", Expire(mta, 0.25));
        Assert.Contains(mta.Log.Lines, line => line.StartsWith("Error 205", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_handler_that_obeys_its_token_gets_the_expiry_verdict_and_is_free_again()
    {
        var mta = new SessionDriver(
            SessionDriver.Everything(),
            (at, step) => at == MilterStages.Eom ? Obey(step.Cancellation) : default,
            settings => settings with { Time = _time }).Started();
        mta.Message();
        Pass(mta, 120);
        Assert.EndsWith("t", await mta.FinishAsync(), StringComparison.Ordinal);
        Assert.Equal("c", mta.Mail());

        static async ValueTask<Verdict> Obey(CancellationToken token)
        {
            await Task.Delay(Timeout.Infinite, token);
            return default;
        }
    }

    [Fact]
    public async Task Until_the_late_handler_returns_the_next_messages_are_refused_and_then_filtered()
    {
        SessionDriver mta = Slow(MilterStages.Eom);
        mta.Message();
        Pass(mta, 120);
        Assert.EndsWith("t", Expire(mta, 0.3), StringComparison.Ordinal);
        Assert.Equal("t", mta.Mail());
        Assert.DoesNotContain("MessageEnd:Refused", mta.Calls);

        _gate.SetResult();
        await Until(() => mta.Mail() == "c");
        Assert.Contains("MessageEnd:Refused", mta.Calls);
        Assert.Single(mta.Filters);
    }

    [Fact]
    public void The_rest_of_a_message_whose_handler_is_late_is_refused()
    {
        SessionDriver mta = Slow(MilterStages.Header);
        mta.Mail();
        mta.Rcpt();
        mta.Header();
        Assert.Equal("t", Expire(mta, 9));
        Assert.Equal("t", mta.Eom());
    }

    [Fact]
    public void The_editors_of_a_late_handler_are_revoked()
    {
        SessionDriver mta = Slow(MilterStages.Eom);
        mta.Mail();
        mta.Eom();
        MessageActions late = _step!.MessageActions;
        Expire(mta, 121);
        Assert.Throws<InvalidOperationException>(() => late.AddHeader("X", "y"));
        Assert.Throws<OperationCanceledException>(() => _step.MessageActions);
    }

    [Fact]
    public async Task Unreplied_work_is_charged_to_the_next_command_that_has_a_reply()
    {
        var second = new TaskCompletionSource();
        SessionDriver mta = new SessionDriver(
            SessionDriver.Need((MilterStages)0x3FFF, ProtocolSteps.NoReplyHeader),
            (at, step) => at switch
            {
                MilterStages.Header => Wait(_gate.Task),
                MilterStages.Eoh => Token(step),
                _ => default,
            },
            settings => settings with { Time = _time }).Started();
        mta.Mail();
        mta.Rcpt();
        mta.Header();
        Pass(mta, 6);
        _gate.SetResult();
        await mta.FinishAsync();
        mta.Eoh();
        Pass(mta, 1.9);
        Assert.False(_token.IsCancellationRequested);
        Pass(mta, 0.1);
        Assert.True(_token.IsCancellationRequested);
        second.SetResult();
        Assert.Equal("c", await mta.FinishAsync());

        ValueTask<Verdict> Token(StepContext step)
        {
            _token = step.Cancellation;
            return Wait(second.Task);
        }

        static async ValueTask<Verdict> Wait(Task gate)
        {
            await gate;
            return default;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Raw_actions_keep_their_order_around_a_notice_of_progress(bool pipelined)
    {
        var mta = new SessionDriver(
            SessionDriver.Everything(),
            (at, step) =>
            {
                if (at == MilterStages.Eom)
                {
                    step.MessageActions.AddHeader("A", "1");
                    step.MessageActions.Progress();
                    step.MessageActions.AddHeader("B", "2");
                }

                return default;
            }).Started();
        string replies = pipelined
            ? mta.Send(b =>
            {
                CommandWriter.Mail(b, "<a@example.test>");
                CommandWriter.EndOfMessage(b);
            })
            : mta.Mail() + " " + mta.Eom();
        Assert.Equal("c h:A|1 p h:B|2 c", replies);
    }

    [Fact]
    public void A_client_that_takes_its_time_spends_nobodys_budget()
    {
        SessionDriver mta = Slow(MilterStages.Rcpt, SessionDriver.Need((MilterStages)0x3FFF, ProtocolSteps.NoReplyMail));
        mta.Mail();
        _time.Advance(TimeSpan.FromMinutes(30));
        mta.Rcpt();
        Pass(mta, 1);
        Assert.False(_token.IsCancellationRequested);
    }

    [Fact]
    public void The_token_fires_when_the_MTA_hangs_up()
    {
        SessionDriver mta = Slow(MilterStages.Eom);
        mta.Message();
        mta.Leave();
        Assert.True(_token.IsCancellationRequested);
    }

    [Fact]
    public async Task A_connection_that_ends_before_its_late_handler_ends_the_rest_when_that_returns()
    {
        SessionDriver mta = Slow(MilterStages.Eom);
        mta.Message();
        Expire(mta, 121);
        await mta.EndAsync();
        Assert.False(mta.Filters[0].Disposed);
        _gate.SetResult();
        await Until(() => mta.Filters[0].Disposed);
        Assert.Equal(["MessageEnd:Refused", "Close", "Dispose"], mta.Calls.TakeLast(3));
    }

    private static async Task Until(Func<bool> condition)
    {
        for (int i = 0; i < 60_000 && !condition(); i++)
        {
            await Task.Delay(1);
        }

        Assert.True(condition());
    }
}
