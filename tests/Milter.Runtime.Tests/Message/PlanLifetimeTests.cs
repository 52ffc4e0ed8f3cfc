using Milter.Protocol;

namespace Milter.Runtime.Tests.Message;

/// <summary>Protects that edits belong to their message: none late, none in the next one, none without agreement, no quarantine with a refusal.</summary>
public sealed class PlanLifetimeTests
{
    private static readonly Dictionary<string, Action<PlanBench>> s_calls = new()
    {
        { "Prepend", b => b.Plan.HeaderEditor.Prepend("X", "1") },
        { "Prepend bytes", b => b.Plan.HeaderEditor.Prepend("X"u8, "1"u8) },
        { "Append", b => b.Plan.HeaderEditor.Append("X", "1") },
        { "Set", b => b.Plan.HeaderEditor.Set("Subject"u8, "1"u8) },
        { "RemoveAll", b => b.Plan.HeaderEditor.RemoveAll("Subject") },
        { "Change", b => b.Plan.HeaderEditor.Change("Subject", 1, "1") },
        { "Remove", b => b.Plan.HeaderEditor.Remove("Subject", 1) },
        { "InsertAt", b => b.Plan.HeaderEditor.InsertAt(1, "X", "1") },
        { "Add", b => b.Plan.HeaderAdder.Add("X", "1") },
        { "AddRecipient", b => b.Plan.EnvelopeEditor.AddRecipient("c@d") },
        { "RemoveRecipient", b => b.Plan.EnvelopeEditor.RemoveRecipient("a@b") },
        { "ChangeSender", b => b.Plan.EnvelopeEditor.ChangeSender("c@d") },
        { "Replace", b => b.Plan.BodyEditor.Replace("x") },
        { "ReplaceAsync", b => b.Plan.BodyEditor.ReplaceAsync(new MemoryStream()).GetAwaiter().GetResult() },
        { "Clear", b => b.Plan.BodyEditor.Clear() },
        { "Hold", b => b.Plan.Quarantine.Hold("why") },
    };

    private readonly PlanBench _bench = new(Told.Message("Subject: one").WithEnvelope(Told.Payload("<s@t>"), "<a@b>"));

    public static TheoryData<string> Calls => [.. s_calls.Keys];

    [Theory]
    [MemberData(nameof(Calls))]
    public void An_edit_counts_once_and_is_refused_late(string name)
    {
        Action<PlanBench> call = s_calls[name];
        Assert.Throws<InvalidOperationException>(() => call(_bench));

        _bench.Begin();
        call(_bench);
        Assert.True(_bench.Packets().Count == 1, name);

        _bench.Plan.Revoke();
        Assert.Contains("message is over", Assert.Throws<InvalidOperationException>(() => call(_bench)).Message, StringComparison.Ordinal);
        _bench.Plan.Reset();
        Assert.Throws<InvalidOperationException>(() => call(_bench));

        _bench.Begin();
        Assert.Empty(_bench.Packets());
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void An_edit_that_was_not_agreed_is_refused_or_dropped_and_counted(string name)
    {
        Action<PlanBench> call = s_calls[name];
        _bench.Begin(MilterActions.None);
        Assert.Contains("SMFIF_", Assert.Throws<InvalidOperationException>(() => call(_bench)).Message, StringComparison.Ordinal);

        _bench.Begin(MilterActions.None, degrade: true);
        call(_bench);

        Assert.Empty(_bench.Packets());
        Assert.True(_bench.Outcome == new Milter.Message.PlanOutcome(default, 1, false), name);
    }

    [Fact]
    public void A_handler_that_runs_on_can_not_reach_the_next_message()
    {
        _bench.Begin();
        HeaderEditor old = _bench.Plan.HeaderEditor;
        MessageActions oldActions = _bench.Plan.MessageActions;
        old.Append("X", "1");

        _bench.Plan.Renew();
        _bench.Begin();

        Assert.Throws<InvalidOperationException>(() => old.Append("X", "2"));
        Assert.Throws<InvalidOperationException>(() => old.Seen);
        Assert.Throws<InvalidOperationException>(() => oldActions.AddHeader("X", "2"));
        Assert.NotSame(old, _bench.Plan.HeaderEditor);
        _bench.Plan.HeaderEditor.Append("Y", "3");
        Assert.Equal(["i 1000000000 Y: 3"], _bench.Packets());
    }

    public static TheoryData<Verdict, bool> Verdicts => new()
    {
        { Verdict.Continue, true }, { Verdict.Accept, true }, { Verdict.Discard, false }, { Verdict.Reject(), false }, { Verdict.TempFail(451, "4.7.1", "later"), false },
    };

    [Theory]
    [MemberData(nameof(Verdicts))]
    public void Only_what_passes_is_held(Verdict verdict, bool isHeld)
    {
        _bench.Begin();
        _bench.Plan.Quarantine.Hold("first");
        _bench.Plan.Quarantine.Hold("why");

        Assert.Equal(isHeld ? ["q why"] : [], _bench.Packets(verdict));
        Assert.Equal(!isHeld, _bench.Outcome.QuarantineLeftOut);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("two\nlines")]
    [InlineData("nul\0")]
    public void A_reason_is_one_line(string reason)
    {
        _bench.Begin();
        Assert.Throws<ArgumentException>(() => _bench.Plan.Quarantine.Hold(reason));
        Assert.Empty(_bench.Packets());
    }

    [Fact]
    public void Progress_goes_out_at_once_and_not_late()
    {
        _bench.Begin();
        _bench.Plan.HeaderEditor.Append("X", "1");
        _bench.Plan.Progress.Report();

        Assert.Equal(["p"], _bench.SentAtOnce);
        _bench.Plan.Revoke();
        Assert.Throws<InvalidOperationException>(() => _bench.Plan.Progress.Report());
        Assert.Throws<InvalidOperationException>(() => _bench.Plan.MessageActions.Progress());
        Assert.Throws<InvalidOperationException>(() => _bench.Plan.MessageActions.Offered);
    }
}
