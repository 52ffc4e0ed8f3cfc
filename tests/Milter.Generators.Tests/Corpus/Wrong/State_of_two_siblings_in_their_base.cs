public abstract class Counting
{
    private int _recipients;

    [OnRcpt] protected void To() => Count();

    private void Count() => {|MILTER110:_recipients|}++;

    protected bool IsMany() => _recipients > 50;
}

[Milter] public partial class Inbound : Counting { [OnEom] Verdict End() => IsMany() ? Verdict.Reject() : Verdict.Continue; }

[Milter] public partial class Outbound : Counting { [OnEom] Verdict End() => IsMany() ? Verdict.TempFail() : Verdict.Continue; }
