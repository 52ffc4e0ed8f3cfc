using Milter.Protocol;

namespace Milter.Runtime.Tests.Message;

/// <summary>Protects that the raw actions are libmilter's: one packet a call, in call order, as given, and none that was not agreed.</summary>
public sealed class MessageActionsTests
{
    private readonly PlanBench _bench = new("Subject: one");

    private MessageActions Actions => _bench.Plan.MessageActions;

    [Fact]
    public void Each_call_is_one_packet_in_call_order()
    {
        _bench.Begin();
        Actions.Quarantine("why");
        Actions.AddHeader("X", "ü");
        Actions.InsertHeader(7, "Y", "a\n b");
        Actions.ChangeHeader("Subject", 2, "new");
        Actions.DeleteHeader("Subject", 1);
        Actions.AddRecipient("a@b");
        Actions.AddRecipient("c@d", "NOTIFY=NEVER");
        Actions.AddRecipientWithArguments("<e@f>", "");
        Actions.DeleteRecipient("<g@h>");
        Actions.ChangeSender("<>", "RET=HDRS");
        Actions.ChangeSender("x@y");
        Actions.ReplaceBody("text");
        Actions.ReplaceBody([]);

        Assert.Equal(
            ["q why", "h X: ü", "i 7 Y: a\n b", "m 2 Subject: new", "m 1 Subject: ", "+ a@b", "2 c@d NOTIFY=NEVER", "2 <e@f>", "- <g@h>", "e <> RET=HDRS", "e x@y", "b 4", "b 0"],
            _bench.Packets(Verdict.Reject()));
        Assert.Equal(13, _bench.Outcome.Sent);
    }

    [Fact]
    public void Progress_sends_at_once_what_there_is()
    {
        _bench.Begin();
        Actions.AddHeader("X", "1");
        Actions.Progress();
        Actions.AddHeader("Y", "2");

        Assert.Equal(["h X: 1", "p"], _bench.SentAtOnce);
        Assert.Equal(["h Y: 2"], _bench.Packets());
        Assert.Equal(2, _bench.Outcome.Sent);
    }

    public static TheoryData<MilterActions, string, Action<MessageActions>> Calls => new()
    {
        { MilterActions.AddHeaders, "SMFIF_ADDHDRS", a => a.AddHeader("X", "1") },
        { MilterActions.AddHeaders, "SMFIF_ADDHDRS", a => a.InsertHeader(0, "X", "1") },
        { MilterActions.ChangeHeaders, "SMFIF_CHGHDRS", a => a.ChangeHeader("X", 1, "1") },
        { MilterActions.ChangeHeaders, "SMFIF_CHGHDRS", a => a.DeleteHeader("X", 1) },
        { MilterActions.AddRecipients, "SMFIF_ADDRCPT", a => a.AddRecipient("a@b") },
        { MilterActions.AddRecipientsWithArguments, "SMFIF_ADDRCPT_PAR", a => a.AddRecipient("a@b", "X=1") },
        { MilterActions.DeleteRecipients, "SMFIF_DELRCPT", a => a.DeleteRecipient("a@b") },
        { MilterActions.ChangeSender, "SMFIF_CHGFROM", a => a.ChangeSender("a@b") },
        { MilterActions.ChangeBody, "SMFIF_CHGBODY", a => a.ReplaceBody("x") },
        { MilterActions.Quarantine, "SMFIF_QUARANTINE", a => a.Quarantine("x") },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public void An_action_that_was_not_agreed_is_refused_by_name(MilterActions action, string flag, Action<MessageActions> call)
    {
        _bench.Begin(MilterActions.All & ~action, degrade: true);
        Assert.Contains(flag + " ", Assert.Throws<InvalidOperationException>(() => call(Actions)).Message, StringComparison.Ordinal);
        Assert.Empty(_bench.Packets());

        _bench.Begin(action);
        Assert.Equal(action, Actions.Offered);
        call(Actions);
        Assert.Single(_bench.Packets());
    }

    [Fact]
    public void What_would_break_a_packet_is_refused()
    {
        _bench.Begin();
        Assert.Throws<ArgumentException>(() => Actions.AddHeader("", "1"));
        Assert.Throws<ArgumentException>(() => Actions.AddHeader("X", "a\0b"));
        Assert.Throws<ArgumentException>(() => Actions.AddHeader("X", new string('x', 66_000)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Actions.InsertHeader(-1, "X", "1"));
        Assert.Throws<ArgumentException>(() => Actions.AddRecipient(""));
        Assert.Throws<ArgumentException>(() => Actions.Quarantine(""));

        Assert.Empty(_bench.Packets());
    }
}
