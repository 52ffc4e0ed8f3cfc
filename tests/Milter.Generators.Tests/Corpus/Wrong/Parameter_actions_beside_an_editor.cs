[Milter]
partial class Filter
{
    [OnEom] void End(MessageActions {|MILTER048:raw|}, HeaderEditor headers) { }
}
