using Microsoft.Extensions.DependencyInjection;

namespace Samples.Greylist;

/// <summary>What the filter needs of a host, for the program and the tests alike.</summary>
internal static class Setup
{
    /// <summary>Adds the filter, greylisting, and the stores that one setting chooses from.</summary>
    public static IServiceCollection AddGreylistFilter(this IServiceCollection services) =>
        services.AddPostgreSqlPolicyStore().AddRedisPolicyStore().AddGreylist().AddMilter<Greylister>();
}
