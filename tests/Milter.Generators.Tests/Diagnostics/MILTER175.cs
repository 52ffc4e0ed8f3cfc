using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER175
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnEom] void End(HeaderEditor headers, MessageHeaders all) { while ([|headers.Remove("X-Old", 1)|]) { } for (int i = 0; i < all.CountOf("X"); i++) [|headers.Remove("X"u8, 1)|]; }
            [OnAbort] void Aborted() { }
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnEom] void End(HeaderEditor headers, MessageHeaders all) { foreach (string name in new[] { "A", "B" }) headers.Remove(name, 1); for (int i = 1; i <= all.CountOf("X"); i++) headers.Remove("X", i); headers.Remove("Y", 1); }
        }
        """);
}
