using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Samples.DkimSigner;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Services.AddDkimSigning().AddMilter<Signer>();
await builder.Build().RunMilterAsync();
return Environment.ExitCode;
