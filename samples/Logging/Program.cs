using Microsoft.Extensions.Hosting;
using Samples.Logging;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Services.AddLoggingFilter();
await builder.Build().RunMilterAsync();
return Environment.ExitCode;
