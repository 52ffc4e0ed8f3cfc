using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Quickstart;

/// <summary>What the filter needs of a host, for the program, the demo and the tests alike.</summary>
internal static class Setup
{
    /// <summary>Adds the filter, its rules and their options, which are checked when the host starts.</summary>
    public static IServiceCollection AddExternalTagger(this IServiceCollection services)
    {
        services.AddOptions<TaggerOptions>().BindConfiguration(TaggerOptions.Section).ValidateOnStart().MakeAhead();
        services.AddSingleton<IValidateOptions<TaggerOptions>, TaggerOptionsValidator>();
        services.AddScoped(static session => session.GetRequiredService<IOptionsSnapshot<TaggerOptions>>().Value.Rules);
        return services.AddMilter<ExternalTagger>();
    }
}
