using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER193
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnRcpt] Verdict [|To|](string to) { if (to.Length > 3) return Verdict.Continue; return Verdict.Continue; }
            [OnMail] ValueTask<Verdict> [|Mail|](string from) => new(Verdict.Continue);
            [OnData] async Task<Verdict> [|Data|]() { await Task.Yield(); return Verdict.Continue; }
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnRcpt] Verdict To(string to) { if (to.Length > 3) return Verdict.Continue; return Verdict.Reject(); }
            [OnMail] ValueTask<Verdict> Mail(string from) => new(Judge(from));
            [OnEom] Verdict End(HeaderEditor h) { h.RemoveAll("X"); return Verdict.Continue; }
            static Verdict Judge(string s) => s.Length > 3 ? Verdict.Reject() : Verdict.Continue;
        }
        """);
}
