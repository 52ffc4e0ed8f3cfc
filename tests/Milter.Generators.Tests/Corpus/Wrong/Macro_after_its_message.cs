[Milter]
partial class Filter
{
    [OnClose] void Closed([{|MILTER101:Macro("i")|}] string? id) { }
}
