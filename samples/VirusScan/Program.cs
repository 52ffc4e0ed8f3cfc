using Microsoft.Extensions.Hosting;
using Samples.VirusScan;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Services.AddVirusScanFilter();
await builder.Build().RunMilterAsync();
return Environment.ExitCode;
