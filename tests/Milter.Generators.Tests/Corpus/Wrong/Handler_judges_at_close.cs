[Milter]
partial class Filter
{
    [OnClose] {|MILTER022:Verdict|} Closed() => Verdict.Accept;
    [OnAbort] {|MILTER022:ValueTask<Verdict>|} Aborted() => default;
}
