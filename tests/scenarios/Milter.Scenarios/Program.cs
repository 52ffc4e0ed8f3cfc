using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Milter;
using Milter.CompilerServices;
using Milter.Scenarios;

// The filter of a scenario: --filter NAME --listen SPEC [--set Option=Value]… [--try Option=Value]… [--steered-time] [--as run|host]
var line = new CommandLine(args);
string listen = line.Value("--listen");
switch (line.Value("--filter"))
{
    case "doing":
        return await ServeAsync<DoingFilter>();
    case "amplifying":
        return await ServeAsync<AmplifyingFilter>();
    case "rewriting":
        return await ServeAsync<RewritingFilter>();
    case "replacing":
        return await ServeAsync<ReplacingFilter>();
    case "late":
        return await ServeAsync<LateFilter>();
    case "counting":
        return await ServeAsync<CountingFilter>();
    case "envelope":
        return await ServeAsync<EnvelopeFilter>();
    case "body":
        return await ServeAsync<BodyFilter>();
    case "context":
        return await ServeAsync<ContextFilter>();
    case "scoped":
        return await ServeAsync<ScopedFilter>();
    default:
        Console.Error.WriteLine("There is no filter of that name.");
        return 64;
}

async Task<int> ServeAsync<T>()
    where T : class, IMilter<T>
{
    switch (line.All("--as").SingleOrDefault())
    {
        case "run":
            await MilterServer.RunAsync<T>(listen);
            return Environment.ExitCode;
        case "host":
            HostApplicationBuilder builder = Host.CreateApplicationBuilder();
            builder.Services.AddMilter<T>(options =>
            {
                options.Listen = listen;
                Setup.Apply(line, options);
            });
            await builder.Build().RunMilterAsync();
            return Environment.ExitCode;
        default:
            await using (ServiceProvider services = Setup.Services(line))
            {
                return await ServeWithControlAsync<T>(services);
            }
    }
}

async Task<int> ServeWithControlAsync<T>(IServiceProvider services)
    where T : class, IMilter<T>
{
    using MeterListener listener = Setup.Listen();
    MilterServer server;
    try
    {
        server = await MilterServer.StartAsync<T>(listen, options => Setup.Apply(line, options), services);
    }
    catch (Exception e) when (e is ArgumentException or MilterListenException)
    {
        Console.Error.WriteLine(e.Message);
        return 78;
    }

    Console.Out.WriteLine(server.EndPoint);

    // A thread of its own: what the scenario does to the pool must not keep the driver's answers.
    var control = new Thread(() =>
    {
        new Control(server).Serve();

        // Nobody is asked to end in order: what a scenario leaves behind may never end.
        Environment.Exit(0);
    });
    control.Start();
    await Task.Delay(Timeout.Infinite);
    return 0;
}
