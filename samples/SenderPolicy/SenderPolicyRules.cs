using System.Net;
using Microsoft.Extensions.Options;
using Milter;

namespace Samples.SenderPolicy;

/// <summary>The options in the form in which the filter asks them.</summary>
internal sealed class SenderPolicyRules(IOptions<SenderPolicyOptions> options)
{
    private readonly HashSet<string> _domains = new(options.Value.OurDomains.Select(static domain => domain.Trim()), StringComparer.OrdinalIgnoreCase);

    public bool AllowsMixedRecipients => options.Value.AllowMixedRecipients;

    public int MaxRecipients => options.Value.MaxRecipients;

    public bool IsOurs(EnvelopeAddress address) => _domains.Contains(address.Domain);

    public bool IsInside(IPAddress? client) => options.Value.OurNetworks.Contains(client);
}

/// <summary>Looks at the options when the program starts, and says all that is wrong with them at once.</summary>
internal sealed class SenderPolicyValidator : IValidateOptions<SenderPolicyOptions>
{
    public ValidateOptionsResult Validate(string? name, SenderPolicyOptions options)
    {
        var failures = new List<string>(options.OurNetworks.Complaints.Select(complaint => $"{SenderPolicyOptions.Section}:{nameof(options.OurNetworks)}, {complaint}"));
        if (options.OurDomains.Count == 0 || options.OurDomains.Any(static domain => string.IsNullOrWhiteSpace(domain) || domain.Contains('@', StringComparison.Ordinal)))
        {
            failures.Add($"{SenderPolicyOptions.Section}:{nameof(options.OurDomains)} has to name our domains, such as [ \"example.net\" ].");
        }

        if (options.MaxRecipients < 0)
        {
            failures.Add($"{SenderPolicyOptions.Section}:{nameof(options.MaxRecipients)} is {options.MaxRecipients}; give 0 for no limit, or more.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
