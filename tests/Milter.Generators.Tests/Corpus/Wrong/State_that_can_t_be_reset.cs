[Milter]
partial class Filter
{
    [PerMessage] private readonly Version {|MILTER070:_version|} = new();
    [PerMessage] private int {|MILTER070:_score|} = 10;

    [OnEom] void End() { }
}
