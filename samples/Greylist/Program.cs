using Microsoft.Extensions.Hosting;
using Milter;
using Samples.Greylist;

await MilterHost.RunAsync(() =>
{
    HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
    builder.Services.AddGreylistFilter();
    return builder.Build();
});
return Environment.ExitCode;
