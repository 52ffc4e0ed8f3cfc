using Microsoft.Extensions.Hosting;
using Samples.Archive;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Services.AddArchiveFilter();
await builder.Build().RunMilterAsync();
return Environment.ExitCode;
