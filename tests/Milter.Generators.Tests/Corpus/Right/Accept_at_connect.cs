// a client that is let pass
//> CONNECT: Accept
[Milter]
partial class Filter
{
    [OnConnect] Verdict Connect([ClientAddress] IPAddress? address) => address?.ToString() == "192.0.2.1" ? Verdict.Accept : Verdict.Continue;
    [OnEom] Verdict End() => Verdict.Reject();
}
