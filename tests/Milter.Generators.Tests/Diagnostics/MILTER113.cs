using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER113
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            static int s_count; static readonly List<string> s_names = []; static string? Last { get; set; }
            [OnHelo] void Helo(string name) { [|s_names.Add(name)|]; [|Last|] = name; }
            [OnEom] void End() => [|s_count|]++;
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            static int s_count; static readonly List<string> s_names = []; static readonly System.Collections.Concurrent.ConcurrentQueue<string> s_queue = new(); static readonly object s_gate = new();
            [OnHelo] void Helo(string name) { lock (s_gate) { s_names.Add(name); } s_queue.Enqueue(name); }
            [OnEom] void End() { Interlocked.Increment(ref s_count); int now = s_count; }
        }
        """);
}
