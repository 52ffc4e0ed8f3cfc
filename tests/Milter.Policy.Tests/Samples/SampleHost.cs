using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Milter.Client;
using Milter.CompilerServices;
using Milter.Testing;

namespace Milter.Policy.Tests;

/// <summary>A sample's filter with its own set-up and settings, as Postfix tells it messages. One MTA: what is kept from one message decides the next.</summary>
internal sealed class SampleHost<T> : IAsyncDisposable
    where T : class, IMilter<T>
{
    private readonly ServiceProvider _services;
    private readonly MilterTestHost<T> _host;

    public SampleHost(Func<IServiceCollection, IServiceCollection> add, params (string Key, string Value)[] settings)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Prepend(("Milter:Listen", "inet:0@127.0.0.1")).Select(setting => KeyValuePair.Create(setting.Item1, (string?)setting.Item2))).Build();
        IServiceCollection services = new ServiceCollection().AddSingleton(configuration).AddLogging(logging => logging.AddProvider(Lines)).AddSingleton<TimeProvider>(Clock);
        _services = add(services).BuildServiceProvider();
        _services.GetRequiredService<IStartupValidator>().Validate();
        _host = new MilterTestHost<T>(_services, new MilterTestOptions { Personalities = [MtaPersonality.Postfix] });
    }

    public HandClock Clock { get; } = new();

    public LineLog Lines { get; } = new();

    public Task<MilterTestResult> SendAsync(TestMessage message, TestClient? client = null) => _host.SendAsync(message, client);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _services.DisposeAsync();
    }
}

/// <summary>What a filter's own logger was told.</summary>
internal sealed class LineLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _all = new();

    public IReadOnlyCollection<string> All => _all;

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _all.Enqueue(formatter(state, exception));
}
