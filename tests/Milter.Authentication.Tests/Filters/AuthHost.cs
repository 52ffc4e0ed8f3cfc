using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Milter.Client;
using Milter.CompilerServices;
using Milter.Testing;

namespace Milter.Tests;

/// <summary>A filter with its own set-up and settings and a DNS of the test's own, as both MTAs tell it messages.</summary>
internal sealed class AuthHost<T> : IAsyncDisposable
    where T : class, IMilter<T>
{
    private readonly ServiceProvider _services;
    private readonly MilterTestHost<T> _host;

    public AuthHost(Func<IServiceCollection, IServiceCollection> add, IDnsQuery dns, params (string Key, string Value)[] settings)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Prepend(("Milter:Listen", "inet:0@127.0.0.1")).Select(setting => KeyValuePair.Create(setting.Item1, (string?)setting.Item2))).Build();
        _services = add(new ServiceCollection().AddSingleton(configuration).AddLogging().AddSingleton(dns).AddSingleton<TimeProvider>(new StandingTime())).BuildServiceProvider();
        _services.GetRequiredService<IStartupValidator>().Validate();
        _host = new MilterTestHost<T>(_services, new MilterTestOptions { Personalities = [MtaPersonality.Postfix, MtaPersonality.Sendmail] });
    }

    public Task<MilterTestResult> SendAsync(TestMessage message, TestClient? client = null) => _host.SendAsync(message, client);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _services.DisposeAsync();
    }

    // Both MTAs are told the same, and a signature says when it was made.
    private sealed class StandingTime : TimeProvider
    {
        private readonly DateTimeOffset _now = System.GetUtcNow();

        public override DateTimeOffset GetUtcNow() => _now;
    }
}
