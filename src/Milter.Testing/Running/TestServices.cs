using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Milter.Testing;

/// <summary>The services of a test without a container: the log, also as the filter's own <see cref="ILogger{T}"/>, the clock, and nothing else.</summary>
internal sealed class TestServices(ILoggerFactory loggers, TimeProvider time, OwnLog? own) : IServiceProvider, IServiceScopeFactory, IServiceScope
{
    IServiceProvider IServiceScope.ServiceProvider => this;

    public object? GetService(Type serviceType) =>
        serviceType == typeof(IServiceProvider) || serviceType == typeof(IServiceScopeFactory) ? this
        : serviceType == typeof(ILoggerFactory) ? loggers
        : serviceType == typeof(TimeProvider) ? time
        : serviceType == own?.Type ? own.Make(loggers)
        : null;

    public IServiceScope CreateScope() => this;

    public void Dispose()
    {
        // Lives as long as the test.
    }
}

/// <summary>The log that a filter takes by its own name.</summary>
/// <param name="Type"><see cref="ILogger{T}"/> of the filter's class.</param>
/// <param name="Make">Makes it.</param>
internal sealed record OwnLog(Type Type, Func<ILoggerFactory, object> Make)
{
    public static OwnLog Of<T>() => new(typeof(ILogger<T>), static loggers => new Logger<T>(loggers));
}
