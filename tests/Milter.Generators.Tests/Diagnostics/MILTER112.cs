using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER112
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter] partial class Filter(int limit, string? name) { [OnRcpt] void To(string to) { [|limit|]--; [|name|] ??= to; } }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter] partial class Filter(int limit, string? name) { [PerMessage] int _left; [OnRcpt] void To(string to) { _left = limit; } [OnHelo] void Helo() => name = "x"; }
        """);
}
