using Microsoft.Extensions.Hosting;
using Milter;
using Samples.Archive;

await MilterHost.RunAsync(() =>
{
    HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
    builder.Services.AddArchiveFilter();
    return builder.Build();
});
return Environment.ExitCode;
