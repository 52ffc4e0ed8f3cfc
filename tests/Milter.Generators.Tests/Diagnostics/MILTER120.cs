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
}
