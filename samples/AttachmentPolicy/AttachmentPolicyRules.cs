using Microsoft.Extensions.Options;
using Milter.Mime;

namespace Samples.AttachmentPolicy;

/// <summary>The options in the form in which the filter asks them.</summary>
internal sealed class AttachmentPolicyRules(IOptions<AttachmentPolicyOptions> options)
{
    private readonly string[] _extensions = [.. options.Value.Extensions.Select(extension => extension.Trim())];
    private readonly HashSet<string> _types = new(options.Value.MediaTypes.Select(type => type.Trim()), StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _digests = new(options.Value.Digests.Select(digest => digest.Trim()), StringComparer.OrdinalIgnoreCase);

    public AttachmentPolicyOptions Options => options.Value;

    /// <summary>Says why a part is not taken, or <see langword="null"/>.</summary>
    public string? Find(MailPart part)
    {
        if (part.FindExtension(_extensions) is { } name)
        {
            return MailPart.Printable(name);
        }

        return _types.Contains(part.MediaType) ? part.MediaType
            : _digests.Count > 0 && part.IsLeaf && _digests.Contains(part.Sha256) ? NameOf(part)
            : null;
    }

    /// <summary>Gives a part's name for people.</summary>
    public static string NameOf(MailPart part) => part.Names.Count > 0 ? MailPart.Printable(part.Names[0]) : part.MediaType;
}

/// <summary>Looks at the options when the program starts, and says all that is wrong with them at once.</summary>
internal sealed class AttachmentPolicyValidator : IValidateOptions<AttachmentPolicyOptions>
{
    private const int DigestLength = 64;

    public ValidateOptionsResult Validate(string? name, AttachmentPolicyOptions options)
    {
        var failures = new List<string>();
        failures.AddRange(options.Digests.Where(digest => digest.Trim().Length != DigestLength || !digest.Trim().All(char.IsAsciiHexDigit))
            .Select(digest => $"{Key(nameof(options.Digests))} has \"{digest}\"; write the {DigestLength} hexadecimal digits of a SHA-256."));
        failures.AddRange(options.MediaTypes.Where(type => !type.Contains('/', StringComparison.Ordinal)).Select(type => $"{Key(nameof(options.MediaTypes))} has \"{type}\"; write a type such as application/x-msdownload."));
        if (options.OnProtected == PolicyAnswer.Replace || options.OnAmbiguous == PolicyAnswer.Replace || options.OnEncryptedArchive == PolicyAnswer.Replace)
        {
            failures.Add($"{Key(nameof(options.OnProtected))}, OnAmbiguous and OnEncryptedArchive can be Pass, Hold or Refuse, not Replace.");
        }

        if (options.Keep.Length > 0 && !Directory.Exists(options.Keep))
        {
            failures.Add($"{Key(nameof(options.Keep))} is \"{options.Keep}\", which is no folder. Make it, owned by the filter's user, with the mode 0700.");
        }

        if (options.KeepBytes <= 0 || options.KeepFor <= TimeSpan.Zero)
        {
            failures.Add($"{Key(nameof(options.KeepBytes))} and KeepFor have to be more than nothing.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static string Key(string option) => $"{AttachmentPolicyOptions.Section}:{option}";
}
