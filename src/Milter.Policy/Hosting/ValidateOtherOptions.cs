using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Milter.Policy;

/// <summary>Checks the section <c>Policy:KnownSenders</c> when the host starts.</summary>
internal sealed class ValidateKnownSendersOptions(IConfiguration? configuration = null) : IValidateOptions<KnownSendersOptions>
{
    public ValidateOptionsResult Validate(string? name, KnownSendersOptions options)
    {
        var complaints = new List<string>();
        PolicySection.CheckTime(complaints, $"{KnownSendersOptions.Section}:{nameof(options.Keep)}", options.Keep, TimeSpan.FromHours(1), TimeSpan.FromDays(4000));
        PolicySection.CheckKeys(complaints, configuration, KnownSendersOptions.Section, [nameof(options.Keep), nameof(options.PerUser)]);
        return PolicySection.Result(complaints);
    }
}

/// <summary>Checks the section <c>Policy:Limits</c> when the host starts.</summary>
internal sealed class ValidatePolicyLimitsOptions(IConfiguration? configuration = null) : IValidateOptions<PolicyLimitsOptions>
{
    public ValidateOptionsResult Validate(string? name, PolicyLimitsOptions options)
    {
        var complaints = new List<string>();
        PolicySection.CheckNetworks(complaints, $"{PolicyLimitsOptions.Section}:{nameof(options.ExemptClients)}", options.ExemptClients);
        PolicySection.CheckKeys(complaints, configuration, PolicyLimitsOptions.Section, [nameof(options.Rules), nameof(options.ExemptClients), nameof(options.OnStoreFailure)]);
        for (int i = 0; i < options.Rules.Count; i++)
        {
            PolicyLimit limit = options.Rules[i];
            string key = $"{PolicyLimitsOptions.Section}:{nameof(options.Rules)}:{i}";
            PolicySection.CheckNumber(complaints, $"{key}:{nameof(limit.PermitLimit)}", limit.PermitLimit, 1, long.MaxValue / 2);
            PolicySection.CheckTime(complaints, $"{key}:{nameof(limit.Window)}", limit.Window, TimeSpan.FromSeconds(1), TimeSpan.FromDays(400));
            PolicySection.CheckKeys(complaints, configuration, key, [nameof(limit.Per), nameof(limit.Of), nameof(limit.PermitLimit), nameof(limit.Window)]);
        }

        return PolicySection.Result(complaints);
    }
}

/// <summary>Checks the section <c>Policy:AccessMap</c> when the host starts, and that its file can be read.</summary>
internal sealed class ValidateAccessMapOptions(IConfiguration? configuration = null) : IValidateOptions<AccessMapOptions>
{
    public ValidateOptionsResult Validate(string? name, AccessMapOptions options)
    {
        var complaints = new List<string>();
        PolicySection.CheckKeys(complaints, configuration, AccessMapOptions.Section, [nameof(options.File)]);
        if (string.IsNullOrWhiteSpace(options.File))
        {
            complaints.Add($"{AccessMapOptions.Section}:{nameof(options.File)} is missing: which file has the map?");
        }
        else
        {
            try
            {
                _ = AccessTable.Parse(System.IO.File.ReadLines(options.File), options.File);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
            {
                complaints.Add($"{AccessMapOptions.Section}:{nameof(options.File)}: {e.Message}");
            }
        }

        return PolicySection.Result(complaints);
    }
}
