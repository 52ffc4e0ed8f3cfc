using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER173
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnEom] void End(HeaderEditor headers) { headers.Append("X"u8, [|"Grüße"u8|]); headers.Set("X-Y"u8, [|"naïve"u8|]); }
            [OnAbort] void Aborted() { }
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnEom] void End(HeaderEditor headers, BodyEditor body) { headers.Append("X", "Grüße"); headers.Set("X-Y"u8, "plain"u8); body.Replace("Grüße"u8); }
        }
        """);
}
