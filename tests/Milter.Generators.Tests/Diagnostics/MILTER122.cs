using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER122
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnEom] async Task End([FromServices] Stream s) { await [|Task.Delay(1)|]; await [|s.FlushAsync()|]; await [|s.CopyToAsync(s)|]; await Task.Yield(); await Task.Run(() => 1); }
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnEom] async Task End([FromServices] Stream s, CancellationToken ct) { await Task.Delay(1, ct); await s.FlushAsync(ct); }
            [OnMail] void Mail() { Func<Task> later = () => Task.Delay(1); }
            [OnData] async Task Data() { await Task.Delay(1, CancellationToken.None); await Task.WhenAll(); }
            async Task Helper() => await Task.Delay(1);
        }
        """);
}
