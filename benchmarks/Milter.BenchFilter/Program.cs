using System.Buffers.Binary;
using Milter;
using Milter.BenchFilter;
using Milter.CompilerServices;

// The workloads of the benchmark, each written as a user would: --listen SPEC --workload noop|inspect|inspect-nr|rewrite|rewrite-pieces|typical|text|block-one|block-all [--transport sockets] [--body-memory BYTES] [--count] [--observed meter|traces]
string listen = Value("--listen", "inet:9999@127.0.0.1");
MilterTransport transport = Value("--transport", "") == "sockets" ? MilterTransport.Sockets : MilterTransport.Automatic;
using IDisposable? observer = Observer.Of(Value("--observed", ""));
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
    case "rewrite-pieces":
        await ServeAsync<RewritePiecesFilter>();
        break;
    case "typical":
        await ServeAsync<TypicalFilter>();
        break;
    case "text":
        await ServeAsync<TextFilter>();
        break;
    case "block-one":
        await ServeAsync<BlockOneFilter>();
        break;
    case "block-all":
        await ServeAsync<BlockAllFilter>();
        break;
    default:
        Console.Error.WriteLine("--workload is one of noop, inspect, inspect-nr, rewrite, rewrite-pieces, typical, text, block-one, block-all");
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
        options.BodyMemoryThreshold = int.Parse(Value("--body-memory", $"{options.BodyMemoryThreshold}"), System.Globalization.CultureInfo.InvariantCulture);
        options.DrainTimeout = TimeSpan.Zero;
    });
    if (args.Contains("--count"))
    {
        Count();
        return;
    }

    await Task.Delay(Timeout.Infinite, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}

// Answers each byte on the standard input with the bytes that the process has allocated so far, and allocates nothing for it. Ends with the input.
static void Count()
{
    using Stream questions = Console.OpenStandardInput(), answers = Console.OpenStandardOutput();
    byte[] bytes = new byte[sizeof(long)];
    while (questions.Read(bytes, 0, 1) > 0)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes, GC.GetTotalAllocatedBytes(precise: true));
        answers.Write(bytes);
        answers.Flush();
    }
}

string Value(string name, string otherwise)
{
    int at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : otherwise;
}
