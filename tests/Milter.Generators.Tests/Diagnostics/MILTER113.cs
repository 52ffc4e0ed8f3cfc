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

    [Fact]
    public async Task Is_quiet_under_locks_of_all_kinds() => await Rule.CheckAsync(
        """
        sealed class Metrics { int _n, _m; readonly object _gate = new(); string? _name; public void Count() { Interlocked.Increment(ref _n); lock (_gate) { _m++; } } public string Name() => _name ??= "x"; }
        [Milter]
        partial class Filter
        {
            static int s_a, s_b, s_c, s_d, s_e; static readonly SemaphoreSlim s_gate = new(1); static readonly object s_monitor = new(); static System.Collections.Immutable.ImmutableList<string> s_names = []; static readonly Lock s_lock = new(); [ThreadStatic] static byte[]? t_buffer;
            [OnMail] async Task Mail(CancellationToken ct) { await s_gate.WaitAsync(ct); try { s_a++; } finally { s_gate.Release(); } }
            [OnRcpt] void To(string to) { Monitor.Enter(s_monitor); try { s_b++; } finally { Monitor.Exit(s_monitor); } System.Collections.Immutable.ImmutableInterlocked.Update(ref s_names, list => list.Add(to)); }
            [OnData] void Data() { using (s_lock.EnterScope()) { s_c++; Count(); } lock (s_monitor) { Count(); } t_buffer = new byte[3]; }
            [OnEom] void End() { Volatile.Write(ref s_e, 1); Interlocked.Exchange(ref s_e, 2); }
            static void Count() => s_d++;
            static readonly Metrics s_metrics = new(); [OnEoh] void Eoh() { s_metrics.Count(); s_metrics.Name(); }
        }
        """);

    [Fact]
    public async Task Flags_changes_after_the_lock_and_in_helpers() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            static int s_a, s_b; static readonly SemaphoreSlim s_gate = new(1);
            [OnMail] async Task Mail(CancellationToken ct) { await s_gate.WaitAsync(ct); s_gate.Release(); [|s_a|]++; Count(); }
            static void Count() => [|s_b|]++;
        }
        """);
}
