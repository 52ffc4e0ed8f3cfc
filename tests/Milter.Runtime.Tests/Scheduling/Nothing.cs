namespace Milter.Runtime.Tests.Scheduling;

/// <summary>No services.</summary>
internal sealed class Nothing : IServiceProvider
{
    public object? GetService(Type serviceType) => null;
}
