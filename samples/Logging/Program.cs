using Microsoft.Extensions.Hosting;
using Milter;
using Samples.Logging;

await MilterHost.RunAsync(() =>
{
    HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
    builder.Services.AddLoggingFilter();
    return builder.Build();
});
return Environment.ExitCode;
