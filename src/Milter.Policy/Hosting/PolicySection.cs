using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Milter.Policy;

/// <summary>Complains about keys of a section that mean nothing: a limit that was mistyped would hold for nobody, and nobody would notice.</summary>
internal static class PolicySection
{
    /// <summary>The policies, whose sections stand below <c>Policy</c>.</summary>
    public static readonly string[] Policies = ["Greylist", "KnownSenders", "Limits", "AccessMap"];

    /// <summary>Checks the keys of a section.</summary>
    public static void CheckKeys(List<string> complaints, IConfiguration? configuration, string section, params ReadOnlySpan<string> known)
    {
        foreach (IConfigurationSection child in configuration?.GetSection(section).GetChildren() ?? [])
        {
            bool isKnown = false;
            foreach (string key in known)
            {
                isKnown |= child.Key.Equals(key, StringComparison.OrdinalIgnoreCase);
            }

            if (!isKnown)
            {
                complaints.Add($"{child.Path}: the section {section} has no option {child.Key}. Options are {string.Join(", ", known.ToArray())}.");
            }
        }
    }

    /// <summary>Checks a time.</summary>
    public static void CheckTime(List<string> complaints, string key, TimeSpan value, TimeSpan least, TimeSpan most)
    {
        if (value < least || value > most)
        {
            complaints.Add($"{key} is {value}, and allowed is from {least} to {most} (written as hh:mm:ss or d.hh:mm:ss).");
        }
    }

    /// <summary>Checks a number.</summary>
    public static void CheckNumber(List<string> complaints, string key, long value, long least, long most)
    {
        if (value < least || value > most)
        {
            complaints.Add($"{key} is {value}, and allowed is from {least} to {most}.");
        }
    }

    /// <summary>Tells what is wrong with networks.</summary>
    public static void CheckNetworks(List<string> complaints, string key, IpNetworkSet networks) =>
        complaints.AddRange(networks.Select((entry, i) => IpNetworkSet.Check(entry) is { } problem ? $"{key}:{i}: {problem}" : "").Where(static complaint => complaint.Length > 0));

    public static ValidateOptionsResult Result(List<string> complaints) => complaints.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(complaints);
}
