using Milter.CompilerServices;
using Milter.Protocol;
using Milter.Session;
using Milter.Tests;

namespace Milter.Runtime.Tests.Session;

/// <summary>Protects messages, sessions and instances against handlers that return too late, or not at all: nothing is judged in part, nothing asked twice at once, nothing lost.</summary>
public sealed partial class LateHandlerTests
{
    private readonly ManualTime _time = new();
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _late = Task.CompletedTask;

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
            await Task.Run(mta.Watch).WaitAsync(TimeSpan.FromMinutes(1));
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
    public void A_handler_that_blocks_its_thread_is_taken_over_and_finds_the_door_closed()
    {
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var mta = new SessionDriver(
            SessionDriver.Everything(),
            (at, _) =>
            {
                if (at == MilterStages.Rcpt)
                {
                    entered.Set();
                    release.Wait();
                }

                return new(at == MilterStages.Rcpt ? Verdict.Accept : Verdict.Continue);
            },
            settings => settings with { Time = _time });
        mta.Negotiate();
        mta.Mail();
        Thread thread = FeedRecipient(mta, entered);
        _time.Advance(TimeSpan.FromSeconds(8));
        Assert.False(mta.Watch());
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(mta.Watch());
        Assert.Equal("t", mta.Take());
        Assert.Equal("t", mta.Data());

        release.Set();
        thread.Join();
        Assert.Equal("", mta.Take());
        mta.Abort();
        Assert.Equal("c", mta.Mail());
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
                    Task<Verdict> late = Wait(_gate.Task).AsTask();
                    _late = late;
                    return new(late);
                }

                on?.Invoke(at, step);
                return new(verdict?.Invoke(at, step) ?? default);
            },
            settings => (with?.Invoke(settings) ?? settings) with { Time = _time }).Started();
    }

    private async Task ReturnAsync()
    {
        _gate.SetResult();
        await _late;
    }

    // On a thread of its own, which the handler keeps.
    private static Thread FeedRecipient(SessionDriver mta, ManualResetEventSlim entered)
    {
        using var frame = new FrameBuffer();
        CommandWriter.Rcpt(frame, "<b@example.test>");
        byte[] bytes = frame.WrittenSpan.ToArray();
        var thread = new Thread(() => mta.Feed(bytes));
        thread.Start();
        entered.Wait();
        return thread;
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
