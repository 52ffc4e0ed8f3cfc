using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Milter.Testing;

/// <summary>A test's own services, with the log of the filter kept for the result beside where they send it, and the test's clock where they have none.</summary>
internal sealed class LoggedServices(IServiceProvider inner, TestLog log, TimeProvider time, OwnLog? own, IServiceScope? scope = null) : IKeyedServiceProvider, IServiceScopeFactory, IServiceScope, IAsyncDisposable
{
    IServiceProvider IServiceScope.ServiceProvider => this;

    public object? GetService(Type serviceType) =>
        serviceType == typeof(IServiceProvider) ? this
        : serviceType == typeof(IServiceScopeFactory) ? (inner.GetService(serviceType) is null ? null : this)
        : serviceType == typeof(ILoggerFactory) ? Loggers()
        : serviceType == own?.Type ? own.Make(Loggers())
        : inner.GetService(serviceType) ?? (serviceType == typeof(TimeProvider) ? time : null);

    public object? GetKeyedService(Type serviceType, object? serviceKey) => (inner as IKeyedServiceProvider)?.GetKeyedService(serviceType, serviceKey);

    public object GetRequiredKeyedService(Type serviceType, object? serviceKey) =>
        GetKeyedService(serviceType, serviceKey) ?? throw new InvalidOperationException($"The test's services have no {serviceType} with the key {serviceKey}.");

    public IServiceScope CreateScope()
    {
        IServiceScope begun = inner.GetRequiredService<IServiceScopeFactory>().CreateScope();
        return new LoggedServices(begun.ServiceProvider, log, time, own, begun);
    }

    public void Dispose() => scope?.Dispose();

    public async ValueTask DisposeAsync()
    {
        if (scope is IAsyncDisposable later)
        {
            await later.DisposeAsync().ConfigureAwait(false);
        }
        else
        {
            scope?.Dispose();
        }
    }

    private ILoggerFactory Loggers() => inner.GetService(typeof(ILoggerFactory)) is ILoggerFactory theirs ? new BothLoggers(log, theirs) : log;

    /// <summary>Logs to the result and to where the services send it.</summary>
    private sealed class BothLoggers(ILoggerFactory kept, ILoggerFactory theirs) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) => new BothLogger(kept.CreateLogger(categoryName), theirs.CreateLogger(categoryName));

        public void AddProvider(ILoggerProvider provider) => theirs.AddProvider(provider);

        public void Dispose()
        {
            // Both belong to others.
        }
    }

    private sealed class BothLogger(ILogger kept, ILogger theirs) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => theirs.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => kept.IsEnabled(logLevel) || theirs.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            kept.Log(logLevel, eventId, state, exception, formatter);
            theirs.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
