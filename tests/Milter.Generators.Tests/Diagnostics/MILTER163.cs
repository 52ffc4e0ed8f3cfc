using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER163
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnEom] void End(HeaderEditor headers) { headers.RemoveAll([|"Received"|]); headers.Remove([|"received"|], 1); headers.Change([|"Received"u8|], 1, "x"u8); }
            [OnAbort] void Other() { }
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnEom] void End(HeaderEditor headers) { headers.RemoveAll("X-Received"); headers.Prepend("Received", "from a by b"); headers.Remove("X-Spam", 1); }
        }
        """);
}
