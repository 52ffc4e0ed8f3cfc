using Microsoft.Extensions.Hosting;
using Samples.SenderCheck;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Services.AddSenderCheckFilter();
await builder.Build().RunMilterAsync();
return Environment.ExitCode;
