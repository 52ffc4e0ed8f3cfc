using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Milter.Mime;

namespace Samples.AttachmentPolicy;

/// <summary>What the filter needs of a host, for the program and the tests alike.</summary>
internal static class Setup
{
    /// <summary>Adds the filter, its rules, and where removed parts are kept.</summary>
    public static IServiceCollection AddAttachmentPolicyFilter(this IServiceCollection services)
    {
        services.AddOptions<AttachmentPolicyOptions>().BindConfiguration(AttachmentPolicyOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AttachmentPolicyOptions>, AttachmentPolicyValidator>();
        services.AddSingleton<AttachmentPolicyRules>();
        services.AddSingleton<KeptParts>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new MailPartsOptions().UseSharpCompress());
        return services.AddMilter<AttachmentGuard>();
    }
}
