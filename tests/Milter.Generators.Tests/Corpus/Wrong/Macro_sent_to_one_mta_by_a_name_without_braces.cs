[Milter]
partial class Filter
{
    [OnConnect] Verdict Connect([{|MILTER102:Macro("if_addr")|}] string? address) => address is null ? Verdict.TempFail() : Verdict.Continue;

    [OnRcpt] Verdict To([{|MILTER102:Macro("i")|}] string? id) => id is null ? Verdict.TempFail() : Verdict.Continue;
}
