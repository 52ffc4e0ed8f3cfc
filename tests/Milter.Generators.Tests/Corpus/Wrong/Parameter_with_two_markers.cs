[Milter]
partial class Filter
{
    [OnEom] void End([Header("To"), Macro("i")] string? {|MILTER045:both|}) { }
}
