using Milter.CompilerServices;
using Milter.Protocol;
using Milter.Session;
using Milter.Tests;

namespace Milter.Runtime.Tests.Session;

/// <content>What the MTA, the filter and the log are told meanwhile.</content>
public sealed partial class LateHandlerTests
{
    [Fact]
    public async Task A_handler_that_obeys_its_token_gets_the_verdict_of_expiry_and_not_that_of_exceptions()
    {
        var mta = new SessionDriver(
            SessionDriver.Everything(),
            (at, step) => at == MilterStages.Rcpt ? Obey(step.Cancellation) : default,
            settings => settings.With(o => o.OnException = FailureVerdict.Reject) with { Time = _time }).Started();
        mta.Mail();
        mta.Rcpt();
        _time.Advance(TimeSpan.FromSeconds(8));
        Assert.False(mta.Watch());
        Assert.Equal("t", await mta.FinishAsync());

        static async ValueTask<Verdict> Obey(CancellationToken token)
        {
            await Task.Delay(Timeout.Infinite, token);
            return default;
        }
    }

    [Fact]
    public async Task A_late_handler_of_UNKNOWN_does_not_make_the_open_message_lose_its_envelope_unnoticed()
    {
        SessionDriver mta = Late(
            MilterStages.Unknown,
            SessionDriver.Need((MilterStages)0x3FFF, collects: CollectedData.Sender | CollectedData.Recipients),
            on: (at, step) => _ = at == MilterStages.Eom ? step.Envelope.Sender.Address : "");
        mta.Mail();
        mta.Rcpt();
        mta.Unknown();
        Expire(mta, 9);
        await ReturnAsync();
        mta.Eom();
        Assert.DoesNotContain(mta.Log.Lines, line => line.StartsWith("Error 204", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_HELO_that_could_not_be_asked_about_is_not_taken_for_a_good_one()
    {
        SessionDriver mta = Late(
            MilterStages.Rcpt,
            verdict: (at, step) => at == MilterStages.Helo && step.HeloText == "evil.example.test" ? Verdict.Reject() : default);
        mta.Mail();
        mta.Rcpt();
        Expire(mta, 9);
        mta.Abort();
        string helo = mta.Helo("evil.example.test");
        await ReturnAsync();
        Assert.NotEqual("c c", $"{helo} {mta.Mail()}");
    }

    [Fact]
    public void A_late_handler_that_throws_is_not_logged_as_the_connections_failure()
    {
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var mta = new SessionDriver(
            SessionDriver.Everything(),
            (at, step) =>
            {
                if (at == MilterStages.Rcpt)
                {
                    entered.Set();
                    release.Wait();
                    _ = step.Text;
                }

                return default;
            },
            settings => settings with { Time = _time });
        mta.Negotiate();
        mta.Mail();
        Thread thread = FeedRecipient(mta, entered);
        Expire(mta, 9);
        release.Set();
        thread.Join();
        Assert.DoesNotContain(mta.Log.Lines, line => line.StartsWith("Error 204", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_handler_that_ends_because_the_MTA_hung_up_is_not_counted_as_expired()
    {
        var mta = new SessionDriver(
            SessionDriver.Everything(),
            (at, step) => at == MilterStages.Rcpt ? Obey(step.Cancellation) : default,
            settings => settings with { Time = _time }).Started();
        mta.Mail();
        mta.Rcpt();
        mta.Leave();
        await mta.FinishAsync();
        Assert.DoesNotContain(mta.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));

        static async ValueTask<Verdict> Obey(CancellationToken token)
        {
            await Task.Delay(Timeout.Infinite, token);
            return default;
        }
    }

    [Fact]
    public async Task The_macros_of_MAIL_survive_what_a_late_handlers_message_is_still_owed()
    {
        string? seen = null;
        SessionDriver mta = Late(MilterStages.Eom, on: (at, step) => seen = at == MilterStages.Mail ? step.Context.GetMacro("{auth_authen}") : seen);
        mta.Message();
        Expire(mta, 121);
        await ReturnAsync();
        mta.Macros(MilterCommand.Mail, ("{auth_authen}", "joe"));

        // The late handler's return may have the connection in another thread's hands just now.
        Assert.Equal("c", mta.Mail() + await mta.FinishAsync());
        Assert.Equal("joe", seen);
    }
}
