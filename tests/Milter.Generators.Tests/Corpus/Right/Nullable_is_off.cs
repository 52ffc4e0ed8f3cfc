// nullable off: null as the default spells optional
//> EOM: InsertHeader X-Seen|True False True
//> EOM: InsertHeader X-Seen|True True True
[Milter]
partial class Filter
{
    [OnEom]
    void End(HeaderAdder adder, [Header("X-None")] string none, [Header("X-Spam")] string spam = null, TlsInfo tls = null) =>
        adder.Add("X-Seen", (none == "") + " " + (spam == null) + " " + (tls == null));
}
