using Milter;
using Milter.BenchFilter;
using Milter.CompilerServices;

// The workloads of the benchmark, each written as a user would: --listen SPEC --workload noop|inspect|inspect-nr|rewrite|typical|block-one|block-all [--transport sockets]
string listen = Value("--listen", "inet:9999@127.0.0.1");
MilterTransport transport = Value("--transport", "") == "sockets" ? MilterTransport.Sockets : MilterTransport.Automatic;
using var stop = new CancellationTokenSource();
using var terminate = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, context =>
{
    context.Cancel = true;
    stop.Cancel();
});
switch (Value("--workload", "inspect"))
{
    case "noop":
        await ServeAsync<NoopFilter>();
        break;
    case "inspect":
        await ServeAsync<InspectFilter>();
        break;
    case "inspect-nr":
        await ServeAsync<QuietInspectFilter>();
        break;
    case "rewrite":
        await ServeAsync<RewriteFilter>();
        break;
    case "typical":
        await ServeAsync<TypicalFilter>();
        break;
    case "block-one":
        await ServeAsync<BlockOneFilter>();
        break;
    case "block-all":
        await ServeAsync<BlockAllFilter>();
        break;
    default:
        Console.Error.WriteLine("--workload is one of noop, inspect, inspect-nr, rewrite, typical, block-one, block-all");
        return 64;
}

return 0;

async Task ServeAsync<T>()
    where T : class, IMilter<T>
{
    await using MilterServer server = await MilterServer.StartAsync<T>(listen, options =>
    {
        options.Transport = transport;
        options.SocketMode = "0666";
        options.DrainTimeout = TimeSpan.Zero;
    });
    await Task.Delay(Timeout.Infinite, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}

string Value(string name, string otherwise)
{
    int at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : otherwise;
}
