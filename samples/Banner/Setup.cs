using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Samples.Banner;

/// <summary>What the filter needs of a host, for the program and the tests alike.</summary>
internal static class Setup
{
    /// <summary>Adds the filter and its options.</summary>
    public static IServiceCollection AddBannerFilter(this IServiceCollection services)
    {
        services.AddOptions<BannerOptions>().BindConfiguration(BannerOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<BannerOptions>, BannerValidator>();
        return services.AddMilter<Banners>();
    }
}
