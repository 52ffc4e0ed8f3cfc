using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Samples.Archive;

/// <summary>What the filter needs of a host, for the program and the tests alike.</summary>
internal static class Setup
{
    /// <summary>Adds the filter, its maildir and its rules.</summary>
    public static IServiceCollection AddArchiveFilter(this IServiceCollection services)
    {
        services.AddOptions<ArchiveOptions>().BindConfiguration(ArchiveOptions.Section)
            .Validate(
                static options => Path.IsPathFullyQualified(options.Maildir) && Directory.Exists(Path.GetDirectoryName(options.Maildir)),
                $"{ArchiveOptions.Section}:{nameof(ArchiveOptions.Maildir)} has to be the whole path of a maildir whose parent folder exists, such as /var/mail/archive.")
            .ValidateOnStart();
        services.AddSingleton(static provider => new Maildir(provider.GetRequiredService<IOptions<ArchiveOptions>>().Value.Maildir));
        services.AddSingleton<BlindCopyRules>();
        return services.AddMilter<Archiver>();
    }
}
