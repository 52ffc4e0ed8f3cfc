[Milter]
partial class Filter
{
    [OnEom] void End([{|MILTER049:Needs(MilterActions.ChangeBody)|}] [Header("To")] string? to) { }
}
