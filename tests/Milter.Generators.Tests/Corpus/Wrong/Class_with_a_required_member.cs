[Milter]
partial class Filter
{
    public required string {|MILTER006:Listen|} { get; init; }

    [OnEom] void End() { }
}
