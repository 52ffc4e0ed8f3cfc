using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER120
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnMail] void Mail(string s) { [|Thread.Sleep(1)|]; }
            [OnRcpt] Verdict To() => [|Other().Result|];
            [OnData] void Data() { [|Other().Wait()|]; [|Task.WaitAll(Other(), Other())|]; _ = [|Other().GetAwaiter().GetResult()|]; }
            [OnEom] async Task End([FromServices] SemaphoreSlim gate) { _ = await Other(); [|gate.Wait()|]; }
            static Task<Verdict> Other() => Task.FromResult(Verdict.Continue);
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnRcpt] async Task<Verdict> To() { Task<Verdict> a = Other(), b = Other(); await Task.WhenAll(a, b); return a.Result; }
            [OnData] Verdict Data() { Task<Verdict> task = Other(); return task.IsCompletedSuccessfully ? task.Result : Verdict.TempFail(); }
            [OnEom] async Task<Verdict> End() => await Other();
            static Task<Verdict> Other() => Task.FromResult(Verdict.Continue);
            void Sleep() => Thread.Sleep(1);
        }
        """);

    [Fact]
    public async Task Is_quiet_about_what_is_complete_or_runs_elsewhere() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter(SemaphoreSlim gate)
        {
            readonly Task<bool> _warm = Task.FromResult(true);
            [OnMail] async Task<Verdict> Mail(string from) { var all = new[] { Other(), Other() }; await Task.WhenAll(all); foreach (var t in all) if (t.Result) return default; return Array.Exists(all, t => t.Result) && all[0].Result ? Verdict.Reject() : default; }
            [OnRcpt] Verdict To() { Task<bool> t = Other(); if (t is { IsCompletedSuccessfully: true }) return t.Result ? Verdict.Reject() : default; if (!t.IsCompleted) return Verdict.TempFail(); return _warm.IsCompleted && _warm.Result && t.Result ? Verdict.Reject() : default; }
            [OnData] async Task Data(CancellationToken ct) { if (gate.Wait(0) || gate.Wait(TimeSpan.Zero)) gate.Release(); await Task.Run(() => Thread.Sleep(1), ct); await Other().ContinueWith(t => t.Result, ct); Task<bool> a = Other(), b = Other(); var first = await Task.WhenAny(a, b); if (first.Result && await Task.WhenAny(a, Task.Delay(1, ct)) == a && a.Result) return; var both = Task.WhenAll(a, b); await both; _ = b.Result; Work(); }
            [OnEom] async Task End() { Task<bool> t = Other(); while (!t.IsCompleted) await Task.Yield(); _ = t.Result; ThreadPool.QueueUserWorkItem(_ => Work()); }
            static void Work() { }
            static Task<bool> Other() => Task.FromResult(true);
        }
        """);

    [Fact]
    public async Task Flags_what_blocks_by_a_table_and_in_helpers() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter(System.Net.Http.HttpClient http, System.Data.Common.DbConnection db, System.Diagnostics.Process scanner)
        {
            readonly ManualResetEventSlim _event = new(); readonly System.Collections.Concurrent.BlockingCollection<int> _queue = [];
            [OnConnect] Verdict Connect() => [|Dns.GetHostAddresses("2.0.0.127.zen.example.org")|].Length > 0 ? Verdict.Reject() : default;
            [OnHelo] void Helo(string name) { _ = Listed(name); using var c = [|new System.Net.Sockets.TcpClient("localhost", 783)|]; }
            [OnMail] void Mail() { [|db.Open()|]; using var command = db.CreateCommand(); _ = [|command.ExecuteScalar()|]; using var reader = [|command.ExecuteReader()|]; while ([|reader.Read()|]) { } }
            [OnRcpt] void To() { Task<bool> t = Other(); [|t.Wait(50)|]; if (!t.IsCompleted) return; _ = [|Other().ConfigureAwait(false).GetAwaiter().GetResult()|]; [|http.Send(new System.Net.Http.HttpRequestMessage())|]; }
            [OnData] void Data() { [|_event.Wait()|]; _ = [|_queue.Take()|]; [|scanner.WaitForExit()|]; [|SpinWait.SpinUntil(() => true)|]; _ = [|scanner.StandardOutput.ReadToEnd()|]; Task<bool> t = Other(); bool done = [|t.Result|]; if (t.IsCompleted) return; }
            [OnEom] async Task End() { await Task.Yield(); var t = Other(); if (t.IsFaulted) return; _ = [|t.Result|]; Local(); void Local() => [|Thread.Sleep(1)|]; Array.ForEach([1], _ => [|Thread.Sleep(2)|]); }
            static bool Listed(string name) => [|Dns.GetHostEntry(name)|].AddressList.Length > 0;
            static Task<bool> Other() => Task.FromResult(true);
        }
        """);

    [Fact]
    public async Task Knows_a_task_that_was_waited_for_with_a_time() => await Rule.CheckAsync(
        """
        using System.Linq;
        [Milter]
        partial class Filter(IAsyncEnumerable<string> list)
        {
            readonly Task<bool> _warm = Task.Run(() => true);
            [OnMail] Verdict From(EnvelopeAddress from) => !_warm.Wait(0) ? Verdict.TempFail() : _warm.Result && from.IsNull ? Verdict.Reject() : Verdict.Continue;
            [OnRcpt] Verdict To(EnvelopeAddress to) => [|list.ToBlockingEnumerable()|].Contains(to.Address) ? Verdict.Continue : Verdict.Reject();
        }
        """);
}
