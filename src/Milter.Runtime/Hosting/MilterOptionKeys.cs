using Microsoft.Extensions.Configuration;
using Milter.Generators.Diagnostics;

namespace Milter.Hosting;

/// <summary>The keys that the section <c>Milter</c> may have: the binder takes what it knows and is silent about the rest.</summary>
internal static class MilterOptionKeys
{
    public const string Milters = "Milters";

    /// <summary>The options that are lists.</summary>
    public static readonly string[] Lists = [nameof(MilterOptions.AllowedNetworks), nameof(MilterOptions.AllowedUsers), nameof(MilterOptions.AllowedGroups)];

    /// <summary>The properties of <see cref="MilterOptions"/>; a test holds them against the type.</summary>
    public static readonly string[] Names =
    [
        nameof(MilterOptions.Listen), nameof(MilterOptions.SocketMode), nameof(MilterOptions.SocketOwner), nameof(MilterOptions.SocketGroup),
        nameof(MilterOptions.MaxConnections), nameof(MilterOptions.IdleTimeout), nameof(MilterOptions.CommandBudget), nameof(MilterOptions.EndOfMessageBudget),
        nameof(MilterOptions.ProgressInterval), nameof(MilterOptions.ExpiryGrace), nameof(MilterOptions.OnException), nameof(MilterOptions.OnExpiry),
        nameof(MilterOptions.OnMissingCapability), nameof(MilterOptions.DrainTimeout), nameof(MilterOptions.AllowLargeData), nameof(MilterOptions.BodyMemoryThreshold),
        nameof(MilterOptions.MaxBodySize), nameof(MilterOptions.SpoolFolder), nameof(MilterOptions.LogMessages), nameof(MilterOptions.WarnOfLongLines), nameof(MilterOptions.Transport),
        nameof(MilterOptions.LoopThreads), nameof(MilterOptions.MaxHeaderFields), nameof(MilterOptions.MaxHeaderSize), nameof(MilterOptions.MaxRecipients),
        nameof(MilterOptions.MaxEnvelopeSize), nameof(MilterOptions.MaxOpenConnections), nameof(MilterOptions.FirstPacketTimeout), nameof(MilterOptions.MaxBufferedOutput),
        nameof(MilterOptions.MemoryBudget), nameof(MilterOptions.SpoolBudget), nameof(MilterOptions.MaxLateHandlers), nameof(MilterOptions.IdleDrainTimeout),
        nameof(MilterOptions.OnHangup), nameof(MilterOptions.LogKey), nameof(MilterOptions.LogScopes), .. Lists,
    ];

    // Only a start looks at them.
    private static readonly (string Name, Func<MilterOptions, object?> Value)[] s_ofTheStart =
    [
        (nameof(MilterOptions.Listen), static options => options.Listen),
        (nameof(MilterOptions.SocketMode), static options => options.SocketMode),
        (nameof(MilterOptions.SocketOwner), static options => options.SocketOwner),
        (nameof(MilterOptions.SocketGroup), static options => options.SocketGroup),
        (nameof(MilterOptions.Transport), static options => options.Transport),
        (nameof(MilterOptions.LoopThreads), static options => options.LoopThreads),
        (nameof(MilterOptions.MemoryBudget), static options => options.MemoryBudget),
        (nameof(MilterOptions.SpoolBudget), static options => options.SpoolBudget),
        (nameof(MilterOptions.MaxLateHandlers), static options => options.MaxLateHandlers),
        (nameof(MilterOptions.OnHangup), static options => options.OnHangup),
        (nameof(MilterTlsExtensions.UseTls), static options => options.GetSecurity() is not null),
    ];

    /// <summary>Names the options that have changed and take a restart.</summary>
    /// <param name="started">The options with which the milter was started.</param>
    /// <param name="now">Those that are configured now.</param>
    public static IEnumerable<string> NeedingRestart(MilterOptions started, MilterOptions now) =>
        s_ofTheStart.Where(option => !Equals(option.Value(started), option.Value(now))).Select(static option => option.Name);

    /// <summary>Gets the names of the options that take a restart.</summary>
    public static IEnumerable<string> OfTheStart => s_ofTheStart.Select(static option => option.Name).Intersect(Names);

    /// <summary>Complains about keys for all milters that mean nothing, and about sections of milters that are not there.</summary>
    public static void CheckShared(List<string> complaints, IConfiguration configuration, IReadOnlyCollection<string> milters)
    {
        IConfigurationSection section = configuration.GetSection(ConfigureMilterOptions.Section);
        foreach (IConfigurationSection child in configuration.GetChildren().Where(child => IsMeantForSection(child.Key, milters)))
        {
            complaints.Add($"{child.Key} is no setting. In the environment the parts of a key are joined by two underscores: {child.Key.Replace("_", "__", StringComparison.Ordinal)}.");
        }

        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (!Is(child, Milters))
            {
                CheckOption(complaints, section, child, milters);
                continue;
            }

            foreach (IConfigurationSection milter in child.GetChildren().Where(one => !milters.Any(name => Is(one, name))))
            {
                complaints.Add($"{milter.Path}: this program has no milter {milter.Key}. {Suggest(milter.Key, milters, "Its milters are")}");
            }
        }
    }

    /// <summary>Complains about keys of one milter that mean nothing.</summary>
    public static void CheckOwn(List<string> complaints, IConfiguration configuration, string milter)
    {
        IConfigurationSection section = configuration.GetSection(ConfigureMilterOptions.OwnSection(milter));
        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (Is(child, nameof(MilterOptions.OnHangup)))
            {
                complaints.Add($"{child.Path}: {nameof(MilterOptions.OnHangup)} is of the process, and not of one milter. Write {ConfigureMilterOptions.Section}:{nameof(MilterOptions.OnHangup)}.");
                continue;
            }

            CheckOption(complaints, section, child, []);
        }
    }

    private static void CheckOption(List<string> complaints, IConfigurationSection section, IConfigurationSection child, IReadOnlyCollection<string> milters)
    {
        if (Lists.Any(name => Is(child, name)))
        {
            CheckList(complaints, child);
            return;
        }

        if (Names.Any(name => Is(child, name)))
        {
            if (child.Value is null && child.GetChildren().FirstOrDefault() is { } below)
            {
                complaints.Add($"{child.Path} is one value, and here it has keys below it, such as {below.Path}.");
            }

            return;
        }

        string help = milters.FirstOrDefault(name => Is(child, name)) is { } milter
            ? $"The options of a milter stand in {ConfigureMilterOptions.OwnSection(milter)}."
            : Suggest(child.Key, Names, "Options are");
        complaints.Add($"{child.Path}: the section {section.Path} has no option {child.Key}. {help}");
    }

    // Milter_Listen: the environment is full of names that are none of ours, but this one is.
    private static bool IsMeantForSection(string key, IReadOnlyCollection<string> milters)
    {
        string[] parts = key.Split('_');
        return parts.Length >= 2
            && parts[0].Equals(ConfigureMilterOptions.Section, StringComparison.OrdinalIgnoreCase)
            && Names.Append(Milters).Concat(milters).Contains(parts[1], StringComparer.OrdinalIgnoreCase);
    }

    // What has another shape would be left out without a word.
    private static void CheckList(List<string> complaints, IConfigurationSection list)
    {
        if (!string.IsNullOrEmpty(list.Value))
        {
            complaints.Add($"{list.Path} is \"{list.Value}\", and has to be a list: [ \"{list.Value}\" ] in appsettings.json, {list.Path}:0 elsewhere.");
        }
        else if (list.GetChildren().FirstOrDefault(static entry => entry.GetChildren().Any() || !int.TryParse(entry.Key, out _)) is { } odd)
        {
            complaints.Add($"{odd.Path} is no entry of a list of texts. Write [ \"one\", \"two\" ].");
        }
    }

    private static bool Is(IConfigurationSection section, string key) => section.Key.Equals(key, StringComparison.OrdinalIgnoreCase);

    private static string Suggest(string key, IReadOnlyCollection<string> known, string introduction)
    {
        string upper = key.ToUpperInvariant();
        string? near = known.FirstOrDefault(name => Spelling.IsNear(name.ToUpperInvariant(), upper))
            ?? known.FirstOrDefault(name => name.Contains(key, StringComparison.OrdinalIgnoreCase) || key.Contains(name, StringComparison.OrdinalIgnoreCase));
        return near is not null ? $"Did you mean {near}?" : $"{introduction} {string.Join(", ", known)}.";
    }
}
