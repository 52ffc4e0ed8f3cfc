[Milter]
public partial class {|MILTER004:Filter|}
{
    private readonly Uri _list;

    public Filter(Uri list) => _list = list;

    public Filter() : this(new Uri("https://example.org/list")) { }

    [OnEom] Verdict End() => _list.IsLoopback ? Verdict.Continue : Verdict.Accept;
}
