using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Milter.Testing;

/// <summary>The services of a test without a container: the log, the clock, and nothing else.</summary>
internal sealed class TestServices(ILoggerFactory loggers, TimeProvider time) : IServiceProvider, IServiceScopeFactory, IServiceScope
{
    IServiceProvider IServiceScope.ServiceProvider => this;

    public object? GetService(Type serviceType) =>
        serviceType == typeof(IServiceProvider) || serviceType == typeof(IServiceScopeFactory) ? this
        : serviceType == typeof(ILoggerFactory) ? loggers
        : serviceType == typeof(TimeProvider) ? time
        : null;

    public IServiceScope CreateScope() => this;

    public void Dispose()
    {
        // Lives as long as the test.
    }
}
