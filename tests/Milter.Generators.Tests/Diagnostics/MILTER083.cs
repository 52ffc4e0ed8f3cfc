using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER083
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            static readonly Verdict[] s_all = [Verdict.Reject([|450|], null, "a"), Verdict.Reject([|250|], "5.7.1", "a", "b"), Verdict.TempFail([|550|], "4.7.1", "a"), Verdict.TempFail([|Code|], null, "a", "b", "c")];
            const int Code = 600;
            [OnEom] Verdict End() => s_all[0];
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            static readonly Verdict[] s_all = [Verdict.Reject(500, null, "a"), Verdict.Reject(599, null, "a", "b"), Verdict.TempFail(421, "4.3.2", "a"), Verdict.TempFail(Environment.TickCount, null, "a")];
            [OnEom] Verdict End() => s_all[0];
        }
        """);
}
