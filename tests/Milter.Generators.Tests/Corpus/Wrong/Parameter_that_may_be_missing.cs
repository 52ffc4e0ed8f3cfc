[Milter]
partial class Filter
{
    [OnEom] Verdict End(TlsInfo {|MILTER047:tls|}, Authentication {|MILTER047:user|}) => Verdict.Continue;
}
