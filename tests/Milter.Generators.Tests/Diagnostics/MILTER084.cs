using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER084
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            static readonly Verdict[] s_all = [Verdict.Reject(550, [|"4.7.1"|], "a"), Verdict.Reject(550, [|"5.7"|], "a", "b"), Verdict.TempFail(451, [|"5.7.1"|], "a"), Verdict.TempFail(451, [|"4.7.1000"|], "a"), Verdict.Reject(550, [|"550"|], "a", "b", "c"), Verdict.Reject(550, [|" 5.7.1"|], "a")];
            [OnEom] Verdict End() => s_all[0];
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            static readonly Verdict[] s_all = [Verdict.Reject(550, "5.7.1", "a"), Verdict.Reject(550, null, "a", "b"), Verdict.TempFail(451, "4.999.0", "a"), Verdict.Reject(550, Environment.NewLine, "a")];
            [OnEom] Verdict End() => s_all[0];
        }
        """);
}
