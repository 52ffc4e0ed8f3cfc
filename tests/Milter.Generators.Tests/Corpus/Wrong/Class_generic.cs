[Milter]
public partial class {|MILTER002:Checker|}<TList>
    where TList : IEnumerable<string>
{
    [OnEom] Verdict End([FromServices] List<string> list) => Verdict.Continue;
}
