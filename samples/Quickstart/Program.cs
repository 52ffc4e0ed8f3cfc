using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Milter;
using Quickstart;
using Quickstart.Demo;

if (!CommandLine.TryParse(args, out CommandLine? commandLine, out string? error))
{
    Console.Error.WriteLine(error);
    return 64; // EX_USAGE of sysexits.h
}

if (commandLine.AsksForHelp)
{
    Console.WriteLine(CommandLine.Help);
    return 0;
}

if (commandLine.IsDemo)
{
    return await DemoProgram.RunAsync(Console.Out, Pen.HasColour(), commandLine.ShowsTime, commandLine.Files);
}

await MilterHost.RunAsync(() =>
{
    HostApplicationBuilder builder = MilterApplication.CreateBuilder([.. commandLine.Settings]);
    builder.Services.AddExternalTagger();
    IHost host = builder.Build();
    host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(() => Announce(host.Services.GetRequiredService<MilterHealth>().EndPoint!));
    return host;
});
return Environment.ExitCode;

void Announce(MilterEndPoint endPoint)
{
    Console.WriteLine($"""
        Listening on {endPoint}. Ctrl+C stops.
          Postfix, in main.cf:      smtpd_milters = {endPoint.ToPostfix()}
          Sendmail, in sendmail.mc: INPUT_MAIL_FILTER(`quickstart', `S={endPoint.ToSendmail()}, F=T')
        """);
    if (commandLine.ShowsTime)
    {
        Console.WriteLine(StartTime.Report());
    }
}
