using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Milter.Hosting;

/// <summary>The services of a program without a container: logging, time, and nothing else.</summary>
internal sealed class NoServices(ILoggerFactory loggers) : IServiceProvider, IServiceProviderIsService, IServiceScopeFactory, IServiceScope
{
    IServiceProvider IServiceScope.ServiceProvider => this;

    public object? GetService(Type serviceType) =>
        serviceType == typeof(IServiceProvider) || serviceType == typeof(IServiceScopeFactory) || serviceType == typeof(IServiceProviderIsService) ? this
        : serviceType == typeof(ILoggerFactory) ? loggers
        : serviceType == typeof(TimeProvider) ? TimeProvider.System
        : null;

    public bool IsService(Type serviceType) => ((IServiceProvider)this).GetService(serviceType) is not null;

    public IServiceScope CreateScope() => this;

    public void Dispose()
    {
        // Lives as long as the program.
    }
}
