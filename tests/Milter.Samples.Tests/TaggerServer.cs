using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Milter.Client;
using Quickstart;

namespace Milter.Samples.Tests;

/// <summary>The Quickstart's program, on a real socket of the loopback interface.</summary>
internal static class TaggerServer
{
    /// <summary>Starts it with these settings.</summary>
    public static async Task StartAsync(params (string Key, string Value)[] settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection();
        builder.Configuration["Milter:Listen"] = "inet:0@127.0.0.1";
        foreach ((string key, string value) in settings)
        {
            builder.Configuration[key] = value;
        }

        builder.Services.AddExternalTagger();
        using IHost host = builder.Build();
        await host.StartAsync();
        await host.StopAsync();
    }
}
