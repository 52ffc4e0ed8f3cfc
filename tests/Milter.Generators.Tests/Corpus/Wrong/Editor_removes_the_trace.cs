[Milter]
partial class Filter
{
    [OnEom]
    Verdict End(MessageActions actions)
    {
        actions.DeleteHeader({|MILTER163:"Received"u8|}, 2);
        actions.ChangeHeader({|MILTER163:"RECEIVED"u8|}, 1, "from nowhere"u8);
        return Verdict.Continue;
    }
}
