using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER127
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnMail] async Task Mail(CancellationToken ct) { await [|Task.Delay(10_000, ct)|]; await [|Task.Delay(TimeSpan.FromMinutes(1), ct)|].ConfigureAwait(false); await Later(); }
            [OnEom] async Task End(CancellationToken ct) { await [|Task.Delay(TimeSpan.FromMinutes(3), ct)|]; }
            static async Task Later() => await [|Task.Delay(8001)|];
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter(int seconds)
        {
            [OnMail] async Task Mail(CancellationToken ct) { await Task.Delay(5_000, ct); await Task.Delay(TimeSpan.FromSeconds(seconds), ct); await Task.WhenAny(Task.Delay(60_000, ct), Task.CompletedTask); }
            [OnEom] async Task End(CancellationToken ct) => await Task.Delay(TimeSpan.FromMinutes(1), ct);
        }
        """);
}
