using Microsoft.Extensions.Hosting;
using Milter;
using Samples.SenderPolicy;

await MilterHost.RunAsync(() =>
{
    HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
    builder.Services.AddSenderPolicyFilter();
    return builder.Build();
});
return Environment.ExitCode;
