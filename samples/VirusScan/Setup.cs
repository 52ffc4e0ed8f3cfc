using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Samples.VirusScan;

/// <summary>What the filter needs of a host, for the program and the tests alike.</summary>
internal static class Setup
{
    /// <summary>Adds the filter and its options.</summary>
    public static IServiceCollection AddVirusScanFilter(this IServiceCollection services)
    {
        services.AddOptions<VirusScanOptions>().BindConfiguration(VirusScanOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<VirusScanOptions>, VirusScanValidator>();
        services.TryAddSingleton(TimeProvider.System);
        return services.AddMilter<Scanner>();
    }
}
