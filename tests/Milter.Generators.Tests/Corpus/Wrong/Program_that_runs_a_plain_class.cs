// with compiler errors
await MilterServer.RunAsync<{|MILTER141:Filter|}>("inet:9199@localhost");

class Filter
{
    public Verdict End() => Verdict.Continue;
}
