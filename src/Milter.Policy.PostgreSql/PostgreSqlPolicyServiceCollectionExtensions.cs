using Milter.Policy;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds PostgreSQL to the stores that <c>Policy:Store</c> can name.</summary>
public static class PostgreSqlPolicyServiceCollectionExtensions
{
    /// <summary>Lets <c>Policy:Store</c> be <c>postgresql:</c> and a connection string of Npgsql.</summary>
    /// <param name="services">The host's services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddPostgreSqlPolicyStore(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddSingleton<IPolicyStoreProvider, PostgreSqlPolicyStoreProvider>();
    }
}
