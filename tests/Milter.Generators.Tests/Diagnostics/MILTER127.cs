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

    [Fact]
    public async Task Follows_a_task_that_a_method_gives_back() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnMail] async Task From(CancellationToken ct) => await Tarpit(ct);
            [OnData] Task Data(CancellationToken ct) => [|Task.Delay(20_000, ct)|];
            [OnRcpt]
            async Task<Verdict> To(EnvelopeAddress to, CancellationToken ct)
            {
                Task<bool> known = KnownAsync(to.Address, ct);
                return await Task.WhenAny(known, AtMost(ct)) == known && await known ? Verdict.Continue : Verdict.TempFail();
            }
            static Task Tarpit(CancellationToken ct) => [|Task.Delay(20_000, ct)|];
            static Task AtMost(CancellationToken ct) => Task.Delay(20_000, ct);
            static async Task<bool> KnownAsync(string address, CancellationToken ct) { await Task.Delay(1, ct); return address.Length > 0; }
        }
        """);
}
