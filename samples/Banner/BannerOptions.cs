using Microsoft.Extensions.Options;
using Milter;

namespace Samples.Banner;

/// <summary>What a postmaster sets: the section <c>Banner</c>.</summary>
internal sealed class BannerOptions
{
    public const string Section = "Banner";

    /// <summary>Our own networks. Whoever logs in is ours as well.</summary>
    public IpNetworkSet Networks { get; set; } = [];

    /// <summary>What is put before mail from outside; empty for nothing.</summary>
    public string ExternalText { get; set; } = "";

    /// <summary>The same in HTML; made of the text where it is empty.</summary>
    public string ExternalHtml { get; set; } = "";

    /// <summary>What is put at the end of mail from inside; empty for nothing.</summary>
    public string DisclaimerText { get; set; } = "";

    /// <summary>The same in HTML; made of the text where it is empty.</summary>
    public string DisclaimerHtml { get; set; } = "";

    /// <summary>Senders whose mail is left alone: addresses, or domains.</summary>
    public IList<string> ExemptSenders { get; set; } = [];

    /// <summary>Recipients whose mail is left alone, where one of them is among a message's.</summary>
    public IList<string> ExemptRecipients { get; set; } = [];
}

/// <summary>Looks at the options when the program starts.</summary>
internal sealed class BannerValidator : IValidateOptions<BannerOptions>
{
    public ValidateOptionsResult Validate(string? name, BannerOptions options)
    {
        var failures = new List<string>(options.Networks.Complaints.Select(complaint => $"{BannerOptions.Section}:{nameof(options.Networks)}, {complaint}"));
        if (options.ExternalText.Length == 0 && options.DisclaimerText.Length == 0)
        {
            failures.Add($"{BannerOptions.Section}:{nameof(options.ExternalText)} and {nameof(options.DisclaimerText)} are both empty, so that there is nothing to do. Write one of them.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
