using Microsoft.Extensions.Hosting;
using Samples.Greylist;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Services.AddGreylistFilter();
await builder.Build().RunMilterAsync();
return Environment.ExitCode;
