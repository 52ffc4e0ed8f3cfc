using Milter.CompilerServices;
using Milter.Protocol;
using Milter.Session;
using Milter.Tests;

namespace Milter.Runtime.Tests.Session;

public sealed class Scratch
{
    private readonly ManualTime _time = new();
    private static async ValueTask<Verdict> Wait(Task t) { await t; return default; }

    // 1: waived CONNECT throws, OnException=Accept, UNKNOWN replied
    [Fact]
    public void S1_pending_accept_at_unknown()
    {
        var mta = new SessionDriver(SessionDriver.Need((MilterStages)0x3FFF, ProtocolSteps.NoReplyConnect),
            (at, _) => at == MilterStages.Connect ? throw new InvalidOperationException("x") : default,
            s => s with { OnException = Verdict.Accept }).Started();
        Assert.Equal("c", mta.Unknown());
    }

    // 2: late handler returned: macros of the new MAIL wiped
    [Fact]
    public async Task S2_macros_of_mail_after_late()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bool slow = true; string? seen = "unset"; int mails = 0;
        var mta = new SessionDriver(SessionDriver.Everything(), (at, step) =>
        {
            if (at == MilterStages.Mail) { mails++; seen = step.Context.GetMacro("{auth_authen}"); }
            if (at == MilterStages.Eom && slow) { slow = false; return Wait(); }
            return default;
            async ValueTask<Verdict> Wait() { await gate.Task; return default; }
        }, s => s with { Time = _time }).Started();
        mta.Message();
        _time.Advance(TimeSpan.FromSeconds(121));
        Assert.True(mta.Watch());
        mta.Take();
        gate.SetResult();
        await Task.Delay(200);
        mta.Macros(MilterCommand.Mail, ("{auth_authen}", "joe"));
        Assert.Equal("c", mta.Mail());
        Assert.Equal(2, mails);
        Assert.Equal("joe", seen);
    }

    // 3: async OCE gets OnExpiry?
    [Fact]
    public async Task S3_async_obey_gets_OnExpiry()
    {
        var mta = new SessionDriver(SessionDriver.Everything(), (at, step) => at == MilterStages.Eom ? Obey(step.Cancellation) : default,
            s => s with { Time = _time, OnExpiry = Verdict.Accept, OnException = Verdict.Reject() }).Started();
        mta.Message();
        _time.Advance(TimeSpan.FromSeconds(120));
        mta.Watch();
        Assert.EndsWith("a", await mta.FinishAsync(), StringComparison.Ordinal);
        static async ValueTask<Verdict> Obey(CancellationToken token) { await Task.Delay(Timeout.Infinite, token); return default; }
    }

    // 4: OnMessageEnd after a long EOM
    [Fact]
    public async Task S4_message_end_after_long_eom()
    {
        var eom = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var mta = new SessionDriver(SessionDriver.Everything(), (at, step) => at switch
        {
            MilterStages.Eom => Wait(eom.Task),
            MilterStages.MessageEnd => Wait(end.Task),
            _ => default,
        }, s => s with { Time = _time }).Started();
        mta.Message();
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.False(mta.Watch());
        eom.SetResult();
        Task<string> finish = mta.FinishAsync();
        await Task.Delay(300);
        bool deposed = mta.Watch();
        Assert.False(deposed);
        end.SetResult();
        await finish;
    }

    // 5: over the cap: is an instance made for OnMessageEnd?
    [Fact]
    public void S5_over_cap_instance()
    {
        var mta = new SessionDriver(SessionDriver.Everything(), null, s => s with { Refuse = true }).Started();
        mta.Mail();
        mta.Abort();
        Assert.Empty(mta.Filters);
    }

    // 6: OnExpiry = Continue at RCPT
    [Fact]
    public async Task S6_expiry_continue()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        string? sender = "unset";
        var mta = new SessionDriver(SessionDriver.Everything(), (at, step) =>
        {
            if (at == MilterStages.Rcpt) { return Wait(); }
            if (at == MilterStages.Eom) { sender = step.Envelope.Sender.Address; }
            return default;
            async ValueTask<Verdict> Wait() { await gate.Task; return default; }
        }, s => s with { Time = _time, OnExpiry = Verdict.Continue }).Started();
        mta.Mail(); mta.Rcpt();
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.True(mta.Watch());
        Assert.Equal("c", mta.Take());
        gate.SetResult();
        await Task.Delay(200);
        Assert.Equal("c", mta.Eom());
        Assert.Equal("a@example.test", sender);
    }

    // 7: MTA gone counts as expiry?
    [Fact]
    public async Task S7_peer_gone_is_no_expiry()
    {
        var mta = new SessionDriver(SessionDriver.Everything(), (at, step) => at == MilterStages.Eom ? Obey(step.Cancellation) : default,
            s => s with { Time = _time }).Started();
        mta.Message();
        mta.Session.PeerGone();
        await mta.FinishAsync();
        Assert.DoesNotContain(mta.Log.Lines, l => l.StartsWith("Error 205", StringComparison.Ordinal) || l.StartsWith("Error 204", StringComparison.Ordinal));
        static async ValueTask<Verdict> Obey(CancellationToken token) { await Task.Delay(Timeout.Infinite, token); return default; }
    }

    // 8: second OPTNEG keeps the refusal of the first
    [Fact]
    public void S8_second_optneg()
    {
        var d = SessionDriver.Need(MilterStages.Eom, (ProtocolSteps)0x37F, required: MilterActions.ChangeSender, wantedActions: 0);
        var mta = new SessionDriver(d);
        mta.Negotiate(6, 0x3F);
        mta.Negotiate(6, 0x1FF);
        mta.Mail();
        Assert.Equal("c", mta.Eom());
    }

    // 9: 421 drain at RCPT of non-SMTP mail
    [Fact]
    public void S9_drain_nonsmtp_rcpt()
    {
        var mta = new SessionDriver(SessionDriver.Everything());
        mta.Negotiate();
        mta.Send(b => CommandWriter.Connect(b, "localhost"u8, ClientFamily.IPv4, 0, "127.0.0.1"u8));
        mta.Helo("localhost");
        mta.Mail("a@example.test");
        mta.Session.BeginDrain();
        Assert.Equal("c", mta.Rcpt("b@example.test"));
    }

    // 10: non-SMTP: a pending refusal given at RCPT
    [Fact]
    public void S10_pending_nonsmtp_rcpt()
    {
        var mta = new SessionDriver(SessionDriver.Need((MilterStages)0x3FFF, ProtocolSteps.NoReplyMail),
            (at, _) => at == MilterStages.Mail ? throw new InvalidOperationException("x") : default);
        mta.Negotiate();
        mta.Send(b => CommandWriter.Connect(b, "localhost"u8, ClientFamily.IPv4, 0, "127.0.0.1"u8));
        mta.Helo("localhost");
        mta.Mail("a@example.test");
        Assert.Equal("c", mta.Rcpt("b@example.test"));
    }

    // 11: a RCPT refused in non-SMTP mail when waived? also two rcpts
    [Fact]
    public void S11_nonsmtp_second_rcpt_after_pending()
    {
        int n = 0;
        var mta = new SessionDriver(SessionDriver.Everything(), (at, _) => new(at == MilterStages.Rcpt && n++ == 0 ? Verdict.Reject() : default));
        mta.Negotiate();
        mta.Send(b => CommandWriter.Connect(b, "localhost"u8, ClientFamily.IPv4, 0, "127.0.0.1"u8));
        mta.Helo("localhost");
        mta.Mail("a@example.test");
        Assert.Equal("c", mta.Rcpt("b@example.test"));
        Assert.Equal("c", mta.Rcpt("c@example.test"));
    }

    // 12: HELO verdict of ACCEPT then UNKNOWN
    [Fact]
    public void S12_session_accept_then_unknown()
    {
        var mta = new SessionDriver(SessionDriver.Everything(), (at, _) => new(at == MilterStages.Helo ? Verdict.Accept : default)).Started();
        Assert.Equal("c", mta.Unknown());
    }
}
