await MilterServer.RunAsync<Filter>({|MILTER181:"/run/filter/filter.sock"|});

[Milter]
partial class Filter
{
    [OnEom] Verdict End() => Verdict.Accept;
}
