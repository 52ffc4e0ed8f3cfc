using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Milter.Client;
using Quickstart;

namespace Milter.Samples.Tests;

/// <summary>The Quickstart's filter behind a real socket of the loopback interface.</summary>
public sealed class TaggerServer : IAsyncLifetime
{
    private readonly IHost _host;

    public TaggerServer()
        : this(
            ("Quickstart:Words:0", "lottery"),
            ("Quickstart:Words:1", "Glückwunsch"),
            ("Quickstart:Words:2", "free money"),
            ("Quickstart:TrustedNetworks:0", "192.0.2.0/24"),
            ("Quickstart:TrustedNetworks:1", "2001:db8::/32"))
    {
    }

    internal TaggerServer(params (string Key, string Value)[] settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection();
        builder.Configuration["Milter:Listen"] = "inet:0@127.0.0.1";
        foreach ((string key, string value) in settings)
        {
            builder.Configuration[key] = value;
        }

        builder.Services.AddExternalTagger();
        _host = builder.Build();
    }

    public Task InitializeAsync() => _host.StartAsync();

    public async Task DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    /// <summary>Sends a letter through the filter, in a session of its own.</summary>
    internal Task<MilterOutcome> PlayAsync(Letter letter) => Mailbox.PlayAsync(_host.Services.GetRequiredService<MilterHealth>().EndPoint!, letter);
}
