[Milter]
partial class Filter
{
    [OnEom]
    Verdict End(MessageActions actions, MessageHeaders headers)
    {
        actions.ChangeHeader({|MILTER163:"Received"|}, 1, "gone");
        actions.DeleteHeader("X-Old", {|MILTER177:0|});
        actions.AddHeader({|MILTER086:"X Spam"|}, "yes");
        actions.AddHeader({|MILTER167:"Bcc"|}, "a@example.org");
        actions.InsertHeader(0, "X-Note", {|MILTER087:"one\r\ntwo"|});
        actions.AddRecipient({|MILTER179:"Ann Smith <ann@example.org>"|});
        return headers[{|MILTER086:"X:Y"|}] is null ? Verdict.Continue : Verdict.Discard;
    }
}
