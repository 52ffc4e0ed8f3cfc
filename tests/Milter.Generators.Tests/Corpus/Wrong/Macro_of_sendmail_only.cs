[Milter]
partial class Filter
{
    [OnConnect] void Connect([{|MILTER102:Macro("{if_addr}")|}] string? to) { }
    [OnEom] void End([{|MILTER102:Macro("{msg_id}")|}] string? id) { }
}
