using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER091
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter(ILog log)
        {
            Func<Task> _later = () => Task.CompletedTask;
            [OnMail] void Mail() { [|log.WriteAsync("x")|]; [|_later()|]; Task lost = [|Task.Delay(1)|]; }
            [OnRcpt] Verdict To() { [|Task.Run(() => { })|]; Quietly(); return default; }
            [OnEom] void End(BodyEditor body) => [|{|MILTER123:body|}.ReplaceAsync(Stream.Null)|];
            void Quietly() { [|Later().AsTask()|]; [|log?.WriteAsync("y")|]; }
            static ValueTask Later() => default;
        }
        interface ILog { Task WriteAsync(string line); }
        static class Program { static void Start() { [|MilterServer.RunAsync<Filter>("inet:9999@localhost")|]; } }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter(ILog log)
        {
            Task? _running;
            [OnMail] Task Mail() { _ = log.WriteAsync("x"); Task later = log.WriteAsync("y"); return later; }
            [OnRcpt] async Task To() { _running = log.WriteAsync("z"); await _running; using var t = new Timer(_ => { }); }
        }
        interface ILog { Task WriteAsync(string line); }
        class Elsewhere(ILog log) { void Go() => log.WriteAsync("not ours"); static Task Main2() => MilterServer.RunAsync<Filter>("inet:9999@localhost"); }
        """);

    [Fact]
    public async Task Sees_asynchronous_lambdas_and_methods_that_give_no_task() => await Rule.CheckAsync(
        """
        using System.Linq;
        [Milter]
        partial class Filter
        {
            static Filter() => AppDomain.CurrentDomain.ProcessExit += async (_, _) => await Task.Yield();
            [OnEom]
            async Task End([Header("X-A")] HeaderValues values, CancellationToken ct)
            {
                values.ToList().ForEach([|async|] one => await Task.Delay(one.Length, ct));
                Action later = [|async|] () => await Task.Yield();
                later();
                [|Log()|];
                Func<Task> now = async () => await Task.Yield();
                await now();
                await Parallel.ForEachAsync(values, ct, async (one, token) => await Task.Delay(one.Length, token));
            }
            async void Log() => await Task.Yield();
        }
        """);
}
