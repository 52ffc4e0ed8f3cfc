using Milter.CompilerServices;
using Milter.Protocol;
using Milter.Session;
using Milter.Tests;

namespace Milter.Runtime.Tests.Session;

/// <summary>Protects messages, sessions and instances against handlers that return too late, or not at all: nothing is judged in part, nothing asked twice at once, nothing lost.</summary>
public sealed class LateHandlerTests
{
    private readonly ManualTime _time = new();
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task A_handler_that_blocks_when_its_token_fires_does_not_block_the_watchdog()
    {
        using var release = new ManualResetEventSlim();
        var mta = new SessionDriver(
            SessionDriver.Everything(),
            (at, step) => at == MilterStages.Rcpt ? Obey(step.Cancellation) : default,
            settings => settings with { Time = _time }).Started();
        mta.Mail();
        mta.Rcpt();
        _time.Advance(TimeSpan.FromSeconds(8));
        try
        {
            await Task.Run(mta.Watch).WaitAsync(TimeSpan.FromSeconds(5));
        }
        finally
        {
            release.Set();
        }

        // As database drivers do: their callback asks the server, synchronously, to give the query up.
        async ValueTask<Verdict> Obey(CancellationToken token)
        {
            var query = new TaskCompletionSource();
            using CancellationTokenRegistration registration = token.Register(() =>
            {
                release.Wait(CancellationToken.None);
                query.TrySetCanceled(token);
            });
            await query.Task.ConfigureAwait(false);
            return default;
        }
    }

    [Fact]
    public async Task A_slow_end_of_message_does_not_use_up_the_time_of_OnMessageEnd()
    {
        var end = new TaskCompletionSource();
        var mta = new SessionDriver(
            SessionDriver.Everything(),
            (at, _) => at switch
            {
                MilterStages.Eom => Wait(_gate.Task),
                MilterStages.MessageEnd => Wait(end.Task),
                _ => default,
            },
            settings => settings with { Time = _time }).Started();
        mta.Message();
        _time.Advance(TimeSpan.FromSeconds(10));
        _gate.SetResult();
        Assert.True(SpinWait.SpinUntil(() => mta.Calls.Contains("MessageEnd:Passed"), TimeSpan.FromMinutes(1)));
        Assert.True(mta.IsSuspended);
        _time.Advance(TimeSpan.FromSeconds(0.3));
        Assert.False(mta.Watch());
        Assert.DoesNotContain(mta.Log.Lines, line => line.StartsWith("Error 205", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_message_whose_handler_was_late_gets_its_OnMessageEnd_at_QUIT_too()
    {
        SessionDriver mta = Late(MilterStages.Eom);
        mta.Message();
        Expire(mta, 121);
        await ReturnAsync();
        mta.Quit();
        await mta.EndAsync();
        Assert.Single(mta.Calls, call => call.StartsWith("MessageEnd", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_message_whose_handler_was_late_is_not_ended_in_the_next_session()
    {
        SessionDriver mta = Late(MilterStages.Eom);
        mta.Message();
        Expire(mta, 121);
        await ReturnAsync();
        mta.QuitNewConnection();
        mta.Connect();
        mta.Mail();
        Assert.Equal(2, mta.Filters.Count);
        Assert.DoesNotContain(mta.Filters[1].Calls, call => call.StartsWith("MessageEnd", StringComparison.Ordinal));
        Assert.Contains("MessageEnd:Refused", mta.Filters[0].Calls);
    }

    [Fact]
    public async Task A_late_OnAbort_does_not_cost_the_message_its_OnMessageEnd()
    {
        SessionDriver mta = Late(MilterStages.Abort);
        mta.Mail();
        mta.Abort();
        Expire(mta, 9);
        await ReturnAsync();
        mta.Mail();
        await mta.EndAsync();
        Assert.Single(mta.Calls, call => call == "MessageEnd:Aborted");
    }

    [Fact]
    public void QUIT_NC_does_not_close_an_instance_that_is_still_at_work()
    {
        SessionDriver mta = Late(MilterStages.Rcpt);
        mta.Mail();
        mta.Rcpt();
        Expire(mta, 9);
        mta.QuitNewConnection();
        Assert.DoesNotContain("Close", mta.Filters[0].Calls);
        Assert.False(mta.Filters[0].Disposed);
    }

    [Fact]
    public void A_handler_that_returns_while_it_is_deposed_lets_no_two_handlers_run_at_once()
    {
        var returns = new TaskCompletionSource<Verdict>();
        var end = new TaskCompletionSource<Verdict>();
        int running = 0, most = 0;
        var mta = new SessionDriver(
            SessionDriver.Everything(),
            (at, _) => at switch
            {
                MilterStages.Eom => new(returns.Task),
                MilterStages.MessageEnd => Count(end.Task),
                _ => Count(Task.FromResult(default(Verdict))),
            },
            settings => settings with { Time = _time, Observer = new Expiry(() => returns.TrySetResult(default)) }).Started();
        mta.Message();
        Expire(mta, 121);
        mta.Mail();
        Assert.Equal(1, most);

        async ValueTask<Verdict> Count(Task<Verdict> task)
        {
            most = Math.Max(most, ++running);
            Verdict verdict = await task;
            running--;
            return verdict;
        }
    }

    [Fact]
    public async Task A_body_that_lost_its_beginning_with_a_late_handler_is_not_available()
    {
        MessageBodyState? state = null;
        long length = -1;
        SessionDriver mta = Late(
            MilterStages.Body,
            SessionDriver.Need((MilterStages)0x3FFF, collects: CollectedData.Body),
            settings => settings.With(o => o.OnExpiry = FailureVerdict.Continue),
            (at, step) =>
            {
                if (at == MilterStages.Eom)
                {
                    state = step.Body.State;
                    length = step.Body.Length;
                }
            });
        mta.Mail();
        mta.Rcpt();
        mta.Body("virus\r\n");
        Expire(mta, 9);
        await ReturnAsync();
        mta.Body("ham\r\n");
        mta.Eom();
        Assert.False(state == MessageBodyState.Available && length == 5, "The end of a body is shown as the whole.");
    }

    [Fact]
    public async Task State_of_a_message_is_reset_although_the_next_began_while_the_handler_was_late()
    {
        SessionDriver mta = Late(
            MilterStages.Rcpt,
            SessionDriver.Need((MilterStages)0x3FFF, perMessage: true),
            settings => settings.With(o => o.OnException = FailureVerdict.Continue));
        mta.Mail();
        mta.Rcpt();
        Expire(mta, 9);
        mta.Abort();
        mta.Mail();
        await ReturnAsync();
        mta.Rcpt();

        // Either the second message's handler is not asked, or it finds the state reset.
        string[] calls = [.. mta.Calls];
        string[] between = calls[calls.IndexOf("Rcpt")..calls.LastIndexOf("Rcpt")];
        Assert.True(between.Length == 0 || between.Contains("Reset"), string.Join(' ', calls));
    }

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
        using var frame = new FrameBuffer();
        CommandWriter.Rcpt(frame, "<b@example.test>");
        byte[] bytes = frame.WrittenSpan.ToArray();
        var thread = new Thread(() => mta.Feed(bytes));
        thread.Start();
        entered.Wait();
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
        Assert.Equal("c", mta.Mail());
        Assert.Equal("joe", seen);
    }

    [Fact]
    public void A_message_gets_its_receipt_where_that_is_asked_for()
    {
        var descriptor = SessionDriver.Everything();
        var mta = new SessionDriver(descriptor, (at, step) =>
        {
            if (at != MilterStages.Eom)
            {
                return default;
            }

            step.MessageActions.AddHeader("A", "1");
            return new(Verdict.Reject(550, "5.7.1", "no"));
        }, settings => settings.With(o => o.LogMessages = true) with { Time = _time }).Started();
        mta.Macros(MilterCommand.Mail, ("i", "4ABC"));
        mta.Message();
        mta.Mail();
        mta.Abort();
        const string Client = "client client.example.test [192.0.2.7], from <a@example.test>";
        Assert.Contains($"Information 210: c1 4ABC: Refused, Reject 550 5.7.1 no at Eom; edits: 1 (1 packets), waits: 7, 0 ms; {Client}, to <b@example.test>, message-id -, subject -", mta.Log.Lines);
        Assert.Contains($"Information 210: c1 -: Aborted; edits: 0, waits: 1, 0 ms; {Client}, to -, message-id -, subject -", mta.Log.Lines);
    }

    [Fact]
    public void A_receipt_says_what_each_editor_did_and_nothing_that_a_sender_writes_makes_a_second_line()
    {
        var mta = new SessionDriver(SessionDriver.Need(MilterStages.Eom, collects: CollectedData.Headers | CollectedData.Recipients), (_, step) =>
        {
            step.HeaderEditor.Set("Subject", "new");
            step.HeaderEditor.Append("X-A", "1");
            step.HeaderEditor.RemoveAll("X-Old");
            step.BodyEditor.Replace("four");
            step.EnvelopeEditor.AddRecipient("c@example.test");
            step.EnvelopeEditor.RemoveRecipient("b0@example.test");
            step.EnvelopeEditor.ChangeSender("d@example.test");
            step.Quarantine.Hold("odd");
            return default;
        }, settings => settings.With(o => o.LogMessages = true) with { Time = _time }).Started();
        mta.Mail();
        for (int i = 0; i < 5; i++)
        {
            mta.Rcpt($"<b{i}@example.test>");
        }

        mta.Header();
        mta.Header("X-Old", "1");
        mta.Header("message-id", "<1@example.test>\n Error 204: forged\u001b[2J");
        mta.Eom();
        Assert.EndsWith(
            "edits: 8 (-X-Old, ~Subject, +X-A, body of 4 bytes, to -<b0@example.test>, to +<c@example.test>, from <d@example.test>, held: odd), waits: 10, 0 ms; client client.example.test [192.0.2.7], "
            + "from <a@example.test>, to <b0@example.test> <b1@example.test> <b2@example.test> and 2 more, message-id <1@example.test>  Error 204: forged [2J, subject -",
            Assert.Single(mta.Log.Lines, static line => line.StartsWith("Information 210", StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void With_a_key_addresses_and_subjects_are_told_apart_and_not_told()
    {
        var mta = new SessionDriver(SessionDriver.Need(MilterStages.Eom), (_, step) =>
        {
            step.EnvelopeEditor.AddRecipient("A@example.test");
            return default;
        }, settings => settings.With(o => (o.LogMessages, o.LogKey) = (true, "a key that is long enough")) with { Time = _time }).Started();
        mta.Mail();
        mta.Rcpt();
        mta.Header("Subject", "Rechnung");
        mta.Eom();
        string line = Assert.Single(mta.Log.Lines, static line => line.StartsWith("Information 210", StringComparison.Ordinal));
        Assert.DoesNotContain("example.test>", line, StringComparison.Ordinal);
        Assert.DoesNotContain("Rechnung", line, StringComparison.Ordinal);
        System.Text.RegularExpressions.Match found = System.Text.RegularExpressions.Regex.Match(line, "edits: 1 \\(to \\+(#[0-9a-f]{16})\\), .* from (#[0-9a-f]{16}), to (#[0-9a-f]{16}), message-id -, subject (#[0-9a-f]{16})$");
        Assert.True(found.Success, line);

        // The one that was added is the sender, in other letters.
        Assert.Equal(found.Groups[2].Value, found.Groups[1].Value);
        Assert.Equal(3, found.Groups.Values.Skip(1).Select(static group => group.Value).Distinct().Count());
    }

    private static async ValueTask<Verdict> Wait(Task gate)
    {
        await gate;
        return default;
    }

    private SessionDriver Late(
        MilterStages stage,
        MilterDescriptor? descriptor = null,
        Func<SessionSettings, SessionSettings>? with = null,
        Action<MilterStages, StepContext>? on = null,
        Func<MilterStages, StepContext, Verdict>? verdict = null)
    {
        bool slow = true;
        return new SessionDriver(
            descriptor ?? SessionDriver.Everything(),
            (at, step) =>
            {
                if (at == stage && slow)
                {
                    slow = false;
                    return Wait(_gate.Task);
                }

                on?.Invoke(at, step);
                return new(verdict?.Invoke(at, step) ?? default);
            },
            settings => (with?.Invoke(settings) ?? settings) with { Time = _time }).Started();
    }

    private async Task ReturnAsync()
    {
        _gate.SetResult();
        await Task.Delay(50);
    }

    private void Expire(SessionDriver mta, double seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        Assert.True(mta.Watch());
        mta.Take();
    }

    private sealed class Expiry(Action expired) : SessionObserver
    {
        public override void HandlerExpired(MilterStages stage) => expired();
    }
}
