[Milter]
partial class Filter(ReadOnlySpan<byte> {|MILTER005:key|}, ref int {|MILTER005:count|})
{
    [OnEom] void End() { }
}
