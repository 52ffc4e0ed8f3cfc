using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER161
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnEom] void End(HeaderEditor headers) { headers.Set([|"DKIM-Signature"|], "v=1"); headers.Set([|"arc-seal"u8|], "i=1"u8); headers.Set([|"Received"|], "from x"); headers.Set([|"Authentication-Results"|], "x; none"); }
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnEom] void End(HeaderEditor headers) { headers.RemoveAll("Authentication-Results"); headers.Prepend("DKIM-Signature", "v=1"); headers.Prepend("ARC-Seal", "i=1"); headers.Set("X-Spam", "no"); headers.Set("Subject", "x"); }
        }
        """);
}
