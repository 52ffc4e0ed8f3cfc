[Milter]
partial class Filter
{
    [OnEom]
    void End(MessageActions actions)
    {
        actions.DeleteHeader("X-Old"u8, {|MILTER177:0|});
    }
}
