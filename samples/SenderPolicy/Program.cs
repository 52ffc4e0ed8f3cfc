using Microsoft.Extensions.Hosting;
using Samples.SenderPolicy;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Services.AddSenderPolicyFilter();
await builder.Build().RunMilterAsync();
return Environment.ExitCode;
