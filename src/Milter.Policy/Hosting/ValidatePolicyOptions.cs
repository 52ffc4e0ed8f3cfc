using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Milter.Policy;

/// <summary>Checks the section <c>Policy</c> when the host starts.</summary>
internal sealed class ValidatePolicyOptions(IEnumerable<IPolicyStoreProvider> providers, TimeProvider? time = null, IConfiguration? configuration = null) : IValidateOptions<PolicyOptions>
{
    private const int ShortestSecret = 16;

    public ValidateOptionsResult Validate(string? name, PolicyOptions options)
    {
        var complaints = new List<string>();
        try
        {
            // Nothing is connected to yet.
            _ = PolicyStores.Open(options, providers, time ?? TimeProvider.System);
        }
        catch (ArgumentException e)
        {
            complaints.Add($"Policy:Store: {e.Message}");
        }

        PolicySection.CheckTime(complaints, "Policy:Timeout", options.Timeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(60));
        PolicySection.CheckTime(complaints, "Policy:RetryInterval", options.RetryInterval, TimeSpan.Zero, TimeSpan.FromSeconds(60));
        if (options.HashKey is { Length: < ShortestSecret })
        {
            complaints.Add($"Policy:HashKey has {options.HashKey.Length} characters, and needs at least {ShortestSecret}: with a short one the addresses can be guessed. Make one by \"openssl rand -hex 16\", or leave it out.");
        }

        PolicySection.CheckKeys(
            complaints, configuration, PolicyOptions.Section,
            [nameof(options.Store), nameof(options.Timeout), nameof(options.RetryInterval), nameof(options.Clock), nameof(options.HashKey), .. PolicySection.Policies]);
        return PolicySection.Result(complaints);
    }
}
