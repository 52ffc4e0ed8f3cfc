using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER082
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnRcpt] Task<Verdict> To(EnvelopeAddress r) => Task.FromResult([|Verdict.Discard|]);
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnData] Verdict Data() => Verdict.Discard;
            [OnRcpt] Verdict To() => default;
        }
        """);
}
