using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER125
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnConnect] Verdict Connect() => Listed() ? Verdict.Reject() : default;
            [OnEom] async Task End() { await Task.Yield(); [|File.WriteAllBytes("/tmp/x", [])|]; foreach (string line in [|File.ReadLines("/tmp/x")|]) Console.WriteLine(line); }
            static bool Listed() => [|File.ReadAllText("/tmp/x")|].Length > 0;
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            readonly string _words = File.ReadAllText("/etc/words");
            [OnConnect] Verdict Connect() => File.Exists(_words) ? Verdict.Reject() : default;
            [OnEom] async Task End(CancellationToken ct) { await File.WriteAllBytesAsync("/tmp/x", [], ct); await Task.Run(() => File.ReadAllText("/tmp/x"), ct); }
        }
        """);
}
