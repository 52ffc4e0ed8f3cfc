// all six forms of return
//> EOM: Accept
//> EOH: TempFail
[Milter]
partial class Filter
{
    [PerMessage] private int _n;

    [OnConnect] void Connect() { }
    [OnMail] Task Mail() { _n++; return Task.CompletedTask; }
    [OnRcpt] ValueTask Rcpt() { _n++; return default; }
    [OnData] Verdict Data() => default;
    [OnEoh] Task<Verdict> Eoh() => Task.FromResult(_n == 3 ? Verdict.Continue : Verdict.TempFail());
    [OnEom] ValueTask<Verdict> Eom() => new(Verdict.Accept);
}
