using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Samples.SenderPolicy;

/// <summary>What the filter needs of a host, for the program and the tests alike.</summary>
internal static class Setup
{
    /// <summary>Adds the filter, its rules, and limits with the stores that one setting chooses from.</summary>
    public static IServiceCollection AddSenderPolicyFilter(this IServiceCollection services)
    {
        services.AddOptions<SenderPolicyOptions>().BindConfiguration(SenderPolicyOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SenderPolicyOptions>, SenderPolicyValidator>();
        services.AddSingleton<SenderPolicyRules>();
        return services.AddPostgreSqlPolicyStore().AddRedisPolicyStore().AddPolicyLimits().AddMilter<SenderGuard>();
    }
}
