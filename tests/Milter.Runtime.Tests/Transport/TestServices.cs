using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Milter.Tests;

namespace Milter.Runtime.Tests.Transport;

/// <summary>A test's services: its time, its log, and a container for what a session asks for.</summary>
internal sealed class TestServices : IServiceProvider, ILoggerFactory, ILogger
{
    private readonly ServiceProvider _container = new ServiceCollection().BuildServiceProvider();

    public ManualTime? Time { get; init; }

    /// <summary>Gets what the engine reads the calendar from, where that is not <see cref="Time"/>.</summary>
    public TimeProvider? Calendar { get; init; }

    public ConcurrentQueue<string> Log { get; } = new();

    public object? GetService(Type serviceType) =>
        serviceType == typeof(TimeProvider) ? Calendar ?? Time
        : serviceType == typeof(ILoggerFactory) ? this
        : _container.GetService(serviceType);

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Log.Enqueue($"{logLevel} {eventId.Id} {formatter(state, exception)}");

    public void Dispose() => _container.Dispose();
}
