using Microsoft.Extensions.Configuration;
using Milter.Generators.Diagnostics;

namespace Milter.Hosting;

/// <summary>The keys that the section <c>Milter</c> may have: the binder takes what it knows and is silent about the rest.</summary>
internal static class MilterOptionKeys
{
    public const string Milters = "Milters";

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
        nameof(MilterOptions.MemoryBudget), nameof(MilterOptions.SpoolBudget), nameof(MilterOptions.MaxLateHandlers),
    ];

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
            CheckOption(complaints, section, child, []);
        }
    }

    private static void CheckOption(List<string> complaints, IConfigurationSection section, IConfigurationSection child, IReadOnlyCollection<string> milters)
    {
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

    private static bool Is(IConfigurationSection section, string key) => section.Key.Equals(key, StringComparison.OrdinalIgnoreCase);

    private static string Suggest(string key, IReadOnlyCollection<string> known, string introduction)
    {
        string upper = key.ToUpperInvariant();
        string? near = known.FirstOrDefault(name => Spelling.IsNear(name.ToUpperInvariant(), upper))
            ?? known.FirstOrDefault(name => name.Contains(key, StringComparison.OrdinalIgnoreCase) || key.Contains(name, StringComparison.OrdinalIgnoreCase));
        return near is not null ? $"Did you mean {near}?" : $"{introduction} {string.Join(", ", known)}.";
    }
}
