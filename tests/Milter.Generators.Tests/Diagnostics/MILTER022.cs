using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER022
{
    [Fact]
    public async Task Flags_a_verdict_that_nobody_waits_for() => await Rule.CheckAsync("""
        [Milter]
        partial class A
        {
            [OnRejectedRcpt] [|Verdict|] Refused() => default;
            [OnAbort] [|Task<Verdict>|] Aborted() => null!;
            [OnMessageEnd] [|ValueTask<Verdict>|] Ended() => default;
            [OnClose] [|Verdict|] Closed() => default;
            [OnRcpt(Order = 1)] [OnRejectedRcpt(Order = 1)] [|Verdict|] Both() => default;
        }
        """);

    [Fact]
    public async Task Is_quiet_about_methods_that_return_nothing() => await Rule.CheckAsync("""
        [Milter]
        partial class A
        {
            [OnRejectedRcpt] void Refused() { }
            [OnAbort] Task Aborted() => null!;
            [OnMessageEnd] ValueTask Ended() => default;
        }
        """);
}
