using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Samples.SenderCheck;

/// <summary>What the filter needs of a host, for the program and the tests alike.</summary>
internal static class Setup
{
    /// <summary>Adds the filter, its policy, and what judges senders.</summary>
    public static IServiceCollection AddSenderCheckFilter(this IServiceCollection services)
    {
        services.AddOptions<SenderCheckOptions>().BindConfiguration(SenderCheckOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SenderCheckOptions>, SenderCheckValidator>();
        return services.AddSenderAuthentication().AddMilter<SenderChecker>();
    }
}
