using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Milter;
using Template.Namespace;

// What is wrong with the settings is told in a line, with exit code 78, after which systemd does not try again.
await MilterHost.RunAsync(() =>
{
    HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
    {
        Args = args,
        ContentRootPath = AppContext.BaseDirectory, // where appsettings.json is, wherever the program is started from
    });
    builder.Services.AddOptions<TemplateClassOptions>().BindConfiguration(TemplateClassOptions.Section);
    builder.Services.AddMilter<TemplateClassFilter>();
    return builder.Build();
});
return Environment.ExitCode;
