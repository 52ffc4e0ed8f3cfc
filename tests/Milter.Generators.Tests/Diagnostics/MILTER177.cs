using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER177
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnEom] void End(HeaderEditor headers) { headers.Remove("X", [|0|]); headers.Change("X"u8, [|-1|], "y"u8); }
            [OnAbort] void Aborted() { }
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnEom] void End(HeaderEditor headers) { headers.Remove("X", 1); for (int i = 0; i < 3; i++) headers.Change("X", i + 1, "y"); headers.InsertAt(0, "X", "z"); }
        }
        """);
}
