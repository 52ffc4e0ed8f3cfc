[Milter]
partial class Filter
{
    [OnMail] void Mail([{|MILTER102:Macro("i")|}] string? id) { }
}
