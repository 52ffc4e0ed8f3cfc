[Milter]
partial class Filter
{
    [OnEom] void End([Header("Content-Length")] int {|MILTER043:length|}, [Macro("i")] Guid {|MILTER043:id|}) { }
}
