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

IHost host;
try
{
    HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
    {
        Args = [.. commandLine.Settings],
        ContentRootPath = AppContext.BaseDirectory, // where appsettings.json is, wherever the program is started from
    });
    builder.Services.AddExternalTagger();
    host = builder.Build();
}
catch (Exception e) when (e is InvalidDataException or UnauthorizedAccessException or InvalidOperationException)
{
    // A file that is broken or can't be read, a log level that does not exist: what it is, and where.
    string where = e.GetBaseException() is var cause && cause != e ? $" {cause.Message}" : "";
    Console.Error.WriteLine(e.Message + where);
    return 78; // EX_CONFIG
}

host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(() =>
{
    MilterEndPoint endPoint = host.Services.GetRequiredService<MilterHealth>().EndPoint!;
    Console.WriteLine($"""
        Listening on {endPoint}. Ctrl+C stops.
          Postfix, in main.cf:      smtpd_milters = {endPoint.ToPostfix()}
          Sendmail, in sendmail.mc: INPUT_MAIL_FILTER(`quickstart', `S={endPoint.ToSendmail()}, F=T')
        """);
    if (commandLine.ShowsTime)
    {
        Console.WriteLine(StartTime.Report());
    }
});
await host.RunMilterAsync();
return Environment.ExitCode;
