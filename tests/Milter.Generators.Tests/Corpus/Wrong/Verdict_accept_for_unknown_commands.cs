[Milter]
partial class Filter
{
    [OnUnknown] Verdict Unknown(string command) => command switch
    {
        "NOOP" => {|MILTER080:Verdict.Accept|},
        "XYZZY" => Verdict.Reject(),
        _ => Verdict.Continue,
    };
}
