using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Milter;
using Quickstart;
using Quickstart.Demo;

bool showTime = args.Contains("--time");
string[] rest = [.. args.Where(static arg => arg != "--time")];
if (rest is ["demo", .. var files])
{
    return await DemoProgram.RunAsync(Console.Out, Pen.HasColour(), showTime, files);
}

HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
{
    Args = rest,
    ContentRootPath = AppContext.BaseDirectory, // where appsettings.json is, wherever the program is started from
});
builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None); // a failed start is told below
builder.Services.AddExternalTagger();
using IHost host = builder.Build();
try
{
    await host.StartAsync();
}
catch (Exception e) when (StartFailure.Describe(e) is { } reason)
{
    Console.Error.WriteLine(reason);
    return 78; // EX_CONFIG of sysexits.h
}

MilterEndPoint endPoint = host.Services.GetRequiredService<MilterHealth>().EndPoint!;
Console.WriteLine($"""
    Listening on {endPoint}. Ctrl+C stops.
      Postfix, in main.cf:      smtpd_milters = {endPoint.ToPostfix()}
      Sendmail, in sendmail.mc: INPUT_MAIL_FILTER(`quickstart', `S={endPoint.ToSendmail()}, F=T')
    """);
if (showTime)
{
    Console.WriteLine(StartTime.Report());
}

await host.WaitForShutdownAsync();
return 0;
