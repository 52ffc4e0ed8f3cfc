[Milter]
partial class Filter
{
    [OnEom]
    void End(MessageActions actions)
    {
        actions.AddHeader({|MILTER086:"X-Seen:"u8|}, "yes"u8);
        actions.InsertHeader(0, "X-Top"u8, {|MILTER087:"a\r\nX-B: c"u8|});
        actions.ChangeHeader({|MILTER086:"Subject "u8|}, 1, "new"u8);
    }
}
