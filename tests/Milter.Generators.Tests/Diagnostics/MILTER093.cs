using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER093
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnMail] Verdict Mail(string from) { Verdict v = Helper(from); if ([|v == Verdict.Reject()|] || [|{|MILTER088:Verdict.TempFail(451, null, "x")|} != v|]) return Verdict.Discard; return v; }
            static Verdict Helper(string s) => s == "" ? Verdict.Reject() : default;
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            static readonly Verdict s_full = Verdict.TempFail(452, "4.2.2", "Full");
            [OnMail] Verdict Mail(string from) { Verdict v = Helper(from); if (v == Verdict.Accept || v != default || v == s_full || v.Kind == VerdictKind.Reject) return Verdict.Discard; return v; }
            static Verdict Helper(string s) => s == "" ? Verdict.Reject() : s_full;
        }
        """);
}
