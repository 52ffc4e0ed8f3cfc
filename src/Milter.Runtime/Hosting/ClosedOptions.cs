using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Milter.Hosting;

/// <summary>Registers what options of a type are made of by that type. The platform registers it once for all types, and where a NativeAOT program asks, each of these services is a generic type that has to be made at run time: half of the time that a host takes to be built.</summary>
internal static class ClosedOptions
{
    /// <summary>Registers the options of a type. What they are configured and validated with is registered as ever.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="services">The host's services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddClosedOptions<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(this IServiceCollection services)
        where T : class =>
        services
            .AddTransient<IOptionsFactory<T>>(static provider => new OptionsFactory<T>(
                provider.GetServices<IConfigureOptions<T>>(), provider.GetServices<IPostConfigureOptions<T>>(), provider.GetServices<IValidateOptions<T>>()))
            .AddSingleton<IOptions<T>>(static provider => new OptionsManager<T>(provider.GetRequiredService<IOptionsFactory<T>>()))
            .AddSingleton<IOptionsMonitorCache<T>>(static _ => new OptionsCache<T>())
            .AddSingleton<IOptionsMonitor<T>>(static provider => new OptionsMonitor<T>(
                provider.GetRequiredService<IOptionsFactory<T>>(), provider.GetServices<IOptionsChangeTokenSource<T>>(), provider.GetRequiredService<IOptionsMonitorCache<T>>()));
}
