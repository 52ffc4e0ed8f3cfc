[Milter]
partial class Filter
{
    [OnMail] void Mail([{|MILTER044:Macro("{auth_type")|}] string? type, [{|MILTER044:Macro("{a b}")|}] string? other, [{|MILTER044:Macro("")|}] string? none) { }
}
