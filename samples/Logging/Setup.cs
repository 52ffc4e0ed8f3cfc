using Microsoft.Extensions.DependencyInjection;

namespace Samples.Logging;

/// <summary>What the filter needs of a host, for the program and the tests alike.</summary>
internal static class Setup
{
    /// <summary>Adds the filter.</summary>
    public static IServiceCollection AddLoggingFilter(this IServiceCollection services) => services.AddMilter<EventLog>();
}
