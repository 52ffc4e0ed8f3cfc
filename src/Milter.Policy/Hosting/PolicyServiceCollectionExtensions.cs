using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Milter.Policy;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds policies and the store that they share.</summary>
public static class PolicyServiceCollectionExtensions
{
    /// <summary>Adds the store that <c>Policy:Store</c> names, as <see cref="IPolicyStore"/> and <see cref="PolicyStoreAccess"/>. Policies add it by themselves.</summary>
    /// <remarks>The options are checked when the host starts; the store is connected to when it is first needed, and found again when it was away.</remarks>
    /// <param name="services">The host's services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddPolicyStore(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(static service => service.ServiceType == typeof(PolicyStoreAccess)))
        {
            return services;
        }

        services.AddOptions<PolicyOptions>().BindConfiguration(PolicyOptions.Section).ValidateOnStart();
        services.AddSingleton<IPolicyStoreProvider, MemoryPolicyStoreProvider>();
        services.AddSingleton<IPolicyStoreProvider>(static provider => new SqlitePolicyStoreProvider(provider.GetService<IHostEnvironment>()));
        services.AddSingleton<IValidateOptions<PolicyOptions>, ValidatePolicyOptions>();
        services.TryAddSingleton(static provider => PolicyStores.Open(
            provider.GetRequiredService<IOptions<PolicyOptions>>().Value, provider.GetServices<IPolicyStoreProvider>(), provider.GetService<TimeProvider>() ?? TimeProvider.System));
        services.AddSingleton<PolicyStoreAccess>();
        return services;
    }

    /// <summary>Adds <see cref="Greylist"/>, with the options of the section <c>Policy:Greylist</c>.</summary>
    /// <param name="services">The host's services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddGreylist(this IServiceCollection services)
    {
        services.AddPolicyStore().AddOptions<GreylistOptions>().BindConfiguration(GreylistOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<GreylistOptions>, ValidateGreylistOptions>();
        services.TryAddSingleton<Greylist>();
        return services;
    }

    /// <summary>Adds <see cref="KnownSenders"/>, with the options of the section <c>Policy:KnownSenders</c>.</summary>
    /// <param name="services">The host's services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddKnownSenders(this IServiceCollection services)
    {
        services.AddPolicyStore().AddOptions<KnownSendersOptions>().BindConfiguration(KnownSendersOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<KnownSendersOptions>, ValidateKnownSendersOptions>();
        services.TryAddSingleton<KnownSenders>();
        return services;
    }

    /// <summary>Adds <see cref="PolicyLimits"/>, with the options of the section <c>Policy:Limits</c>.</summary>
    /// <param name="services">The host's services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddPolicyLimits(this IServiceCollection services)
    {
        services.AddPolicyStore().AddOptions<PolicyLimitsOptions>().BindConfiguration(PolicyLimitsOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PolicyLimitsOptions>, ValidatePolicyLimitsOptions>();
        services.TryAddSingleton<PolicyLimits>();
        return services;
    }

    /// <summary>Adds <see cref="AccessMap"/>, with the options of the section <c>Policy:AccessMap</c>. It needs no store.</summary>
    /// <param name="services">The host's services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddAccessMap(this IServiceCollection services)
    {
        services.AddOptions<AccessMapOptions>().BindConfiguration(AccessMapOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AccessMapOptions>, ValidateAccessMapOptions>();
        services.TryAddSingleton<AccessMap>();
        return services;
    }
}
