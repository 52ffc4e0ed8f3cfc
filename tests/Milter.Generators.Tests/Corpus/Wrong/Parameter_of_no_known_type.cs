[Milter]
partial class Filter
{
    [OnEom] void End(System.Text.StringBuilder {|MILTER040:report|}, int {|MILTER040:count|}) { }
}
