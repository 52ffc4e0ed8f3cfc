using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Milter;
using Milter.CompilerServices;
using Milter.ContentBench;
using Samples.AttachmentPolicy;

// Filters on the content of messages: --listen SPEC --work floor|look|tree|replace|attachments|verify|judge [--dns HOST:PORT]
string listen = Value("--listen", "inet:9999@127.0.0.1");
using var stop = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
{
    context.Cancel = true;
    stop.Cancel();
});
Func<Task>? serve = Value("--work", "") switch
{
    "floor" => ServeAsync<FloorFilter>,
    "look" => ServeAsync<LookFilter>,
    "tree" => ServeAsync<TreeFilter>,
    "replace" => ServeAsync<ReplaceFilter>,
    "attachments" => ServeAsync<AttachmentGuard>,
    "verify" => ServeAsync<VerifyFilter>,
    "judge" => ServeAsync<JudgeFilter>,
    _ => null,
};
if (serve is null)
{
    Console.Error.WriteLine("--work is one of floor, look, tree, replace, attachments, verify, judge");
    return 64;
}

await serve();
return 0;

async Task ServeAsync<T>()
    where T : class, IMilter<T>
{
    var dns = new DnsOptions();
    dns.Servers.Add(Value("--dns", "127.0.0.1:53"));
    var rules = new AttachmentPolicyRules(Options.Create(new AttachmentPolicyOptions { Extensions = ["exe", "scr", "js", "vbs", "bat"] }));
    await using ServiceProvider services = new ServiceCollection()
        .AddSingleton<IDnsQuery>(new MailDns(dns))
        .AddSingleton(rules).AddSingleton(new KeptParts(rules, TimeProvider.System))
        .AddSingleton<Microsoft.Extensions.Logging.ILogger<AttachmentGuard>>(NullLogger<AttachmentGuard>.Instance)
        .BuildServiceProvider();
    await using MilterServer server = await MilterServer.StartAsync<T>(
        listen,
        static options =>
        {
            options.SocketMode = "0666";
            options.DrainTimeout = TimeSpan.Zero;
            options.MaxBodySize = 256L << 20;
        },
        services);
    await Task.Delay(Timeout.Infinite, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}

string Value(string name, string otherwise)
{
    int at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : otherwise;
}
