// what the session says beside SMTP
//> UNKNOWN: Reject
//> EOM: InsertHeader X-Unknown|1
//> EOM: InsertHeader X-Unknown|1
[Milter]
partial class Filter
{
    private int _unknown;

    [OnUnknown] Verdict Unknown(string command) { _unknown++; return command == "XYZZY" ? Verdict.Reject() : Verdict.Continue; }
    [OnEom] void End(HeaderAdder adder) => adder.Add("X-Unknown", $"{_unknown}");
}
