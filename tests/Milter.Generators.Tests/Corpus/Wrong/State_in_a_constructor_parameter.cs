[Milter]
public partial class Limiter(int left)
{
    [OnRcpt] Verdict To() => {|MILTER112:left|}-- > 0 ? Verdict.Continue : Verdict.TempFail();
}
