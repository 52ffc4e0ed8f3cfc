[Milter]
partial class Filter
{
    [OnConnect] Verdict Connect([{|MILTER103:Macro("{client_addr}")|}] string? address) => address == "192.0.2.1" ? Verdict.Reject() : Verdict.Continue;
}
