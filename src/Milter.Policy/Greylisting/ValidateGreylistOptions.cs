using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Milter.Policy;

/// <summary>Checks the section <c>Policy:Greylist</c> when the host starts.</summary>
internal sealed class ValidateGreylistOptions(IConfiguration? configuration = null) : IValidateOptions<GreylistOptions>
{
    public ValidateOptionsResult Validate(string? name, GreylistOptions options)
    {
        var complaints = new List<string>();
        PolicySection.CheckTime(complaints, Key(nameof(options.Delay)), options.Delay, TimeSpan.Zero, TimeSpan.FromDays(1));
        PolicySection.CheckTime(complaints, Key(nameof(options.RetryWindow)), options.RetryWindow, options.Delay + TimeSpan.FromMinutes(1), TimeSpan.FromDays(30));
        PolicySection.CheckTime(complaints, Key(nameof(options.Keep)), options.Keep, options.RetryWindow, TimeSpan.FromDays(400));
        PolicySection.CheckNumber(complaints, Key(nameof(options.AutoWhitelistAfter)), options.AutoWhitelistAfter, 0, 1_000);
        PolicySection.CheckNumber(complaints, Key(nameof(options.IPv4PrefixLength)), options.IPv4PrefixLength, 8, 32);
        PolicySection.CheckNumber(complaints, Key(nameof(options.IPv6PrefixLength)), options.IPv6PrefixLength, 16, 128);
        PolicySection.CheckNetworks(complaints, Key(nameof(options.ExemptClients)), options.ExemptClients);
        PolicySection.CheckKeys(
            complaints,
            configuration,
            GreylistOptions.Section,
            [
                nameof(options.Delay), nameof(options.RetryWindow), nameof(options.Keep), nameof(options.AutoWhitelistAfter), nameof(options.Client), nameof(options.IPv4PrefixLength),
                nameof(options.IPv6PrefixLength), nameof(options.ExemptClients), nameof(options.ExemptSenders), nameof(options.ExemptRecipients), nameof(options.OnStoreFailure),
            ]);
        return PolicySection.Result(complaints);
    }

    private static string Key(string option) => $"{GreylistOptions.Section}:{option}";
}
