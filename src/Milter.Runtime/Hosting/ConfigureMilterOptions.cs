using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Milter.Hosting;

/// <summary>Makes a milter's options: what was given in code, and over it the configuration: the section <c>Milter</c>, and <c>Milter:Milters:&lt;Name&gt;</c> on top.</summary>
internal sealed class ConfigureMilterOptions(MilterRegistry registry, IConfiguration? configuration = null) : IConfigureNamedOptions<MilterOptions>
{
    public const string Section = "Milter";

    public void Configure(MilterOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, MilterOptions options)
    {
        if (name is null || !registry.Contains(name))
        {
            return;
        }

        registry.Configure(name, options);
        if (configuration is null)
        {
            return;
        }

        string? listen = options.Listen;
        Bind(configuration.GetSection(Section), name, options);
        if (registry.Count > 1)
        {
            // Everything else is for all milters, but an endpoint is for one.
            options.Listen = listen;
        }

        Bind(configuration.GetSection(OwnSection(name)), name, options);
    }

    public static string OwnSection(string name) => $"{Section}:{MilterOptionKeys.Milters}:{name}";

    /// <exception cref="OptionsValidationException">A value is of another kind than its option; the message has value and key.</exception>
    private static void Bind(IConfigurationSection section, string name, MilterOptions options)
    {
        // The binder adds to a list, and what is configured is to be all of it.
        options.AllowedNetworks = IsSet(section, nameof(MilterOptions.AllowedNetworks)) ? [] : options.AllowedNetworks;
        options.AllowedUsers = IsSet(section, nameof(MilterOptions.AllowedUsers)) ? [] : options.AllowedUsers;
        options.AllowedGroups = IsSet(section, nameof(MilterOptions.AllowedGroups)) ? [] : options.AllowedGroups;
        try
        {
            section.Bind(options);
        }
        catch (InvalidOperationException e)
        {
            throw new OptionsValidationException(name, typeof(MilterOptions), [e.Message + Allowed(e.Message)]);
        }
    }

    private static bool IsSet(IConfigurationSection section, string key) => section.GetSection(key).Exists();

    // The binder's message ends with the type that the value could not become.
    private static string Allowed(string message)
    {
        (Type Type, string Form)[] forms =
        [
            (typeof(TimeSpan), "hh:mm:ss, such as 00:00:08"),
            (typeof(bool), "true or false"),
            (typeof(int), "a number"),
            (typeof(long), "a number"),
            (typeof(FailureVerdict), OneOf<FailureVerdict>()),
            (typeof(MissingCapability), OneOf<MissingCapability>()),
            (typeof(MilterTransport), OneOf<MilterTransport>()),
            (typeof(MilterHangup), OneOf<MilterHangup>()),
            (typeof(LogLevel), OneOf<LogLevel>()),
        ];
        string? form = forms.FirstOrDefault(row => message.Contains($"'{row.Type.FullName}'", StringComparison.Ordinal)).Form;
        return form is null ? "" : $" Write {form}.";
    }

    private static string OneOf<T>()
        where T : struct, Enum => "one of " + string.Join(", ", Enum.GetNames<T>());
}
