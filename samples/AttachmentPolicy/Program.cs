using Microsoft.Extensions.Hosting;
using Samples.AttachmentPolicy;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Services.AddAttachmentPolicyFilter();
await builder.Build().RunMilterAsync();
return Environment.ExitCode;
