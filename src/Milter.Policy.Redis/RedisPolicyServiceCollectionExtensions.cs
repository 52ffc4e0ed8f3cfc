using Milter.Policy;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Redis and Valkey to the stores that <c>Policy:Store</c> can name.</summary>
public static class RedisPolicyServiceCollectionExtensions
{
    /// <summary>Lets <c>Policy:Store</c> be <c>redis:</c> and a configuration of StackExchange.Redis.</summary>
    /// <param name="services">The host's services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddRedisPolicyStore(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddSingleton<IPolicyStoreProvider, RedisPolicyStoreProvider>();
    }
}
