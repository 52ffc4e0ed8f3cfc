// with compiler errors
await MilterServer.RunAsync<{|MILTER141:Stricter|}>("inet:9999@localhost");

[Milter]
partial class {|MILTER140:Filter|}
{
    [OnEom] protected virtual Verdict End() => Verdict.Accept;
}

class Stricter : Filter
{
    protected override Verdict End() => Verdict.Reject();
}
