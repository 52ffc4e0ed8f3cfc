using Microsoft.Extensions.Hosting;
using Samples.Banner;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Services.AddBannerFilter();
await builder.Build().RunMilterAsync();
return Environment.ExitCode;
