using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Milter;
using Quickstart;
using Quickstart.Demo;

bool showTime = args.Contains("--time");
if (args is ["demo", .. var files])
{
    return await DemoProgram.RunAsync(Console.Out, Pen.HasColour(), showTime, files.Where(static file => file != "--time"));
}

HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
{
    Args = [.. args.Where(static arg => arg != "--time")],
    ContentRootPath = AppContext.BaseDirectory, // where appsettings.json is, wherever the program is started from
});
builder.Services.AddExternalTagger();
using IHost host = builder.Build();
try
{
    await host.StartAsync();
}
catch (Exception e) when (e is OptionsValidationException or MilterListenException)
{
    Console.Error.WriteLine(e is OptionsValidationException options ? string.Join('\n', options.Failures) : e.Message);
    return 78; // EX_CONFIG
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
