using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Milter;

namespace Quickstart;

/// <summary>Looks at the options when the program starts, and says all that is wrong with them at once.</summary>
internal sealed class TaggerOptionsValidator(IConfiguration? configuration = null) : IValidateOptions<TaggerOptions>
{
    private static readonly string[] s_settings =
        [nameof(TaggerOptions.Tag), nameof(TaggerOptions.Words), nameof(TaggerOptions.TrustedNetworks), nameof(TaggerOptions.HeaderValue)];

    private static readonly string[] s_lists = [nameof(TaggerOptions.Words), nameof(TaggerOptions.TrustedNetworks)];

    public ValidateOptionsResult Validate(string? name, TaggerOptions options)
    {
        var failures = new List<string>();
        CheckLine(failures, nameof(options.Tag), options.Tag, "Give a text such as \"[EXTERNAL]\".");
        CheckLine(failures, nameof(options.HeaderValue), options.HeaderValue, "Give a text such as the name of this filter.");

        for (int i = 0; i < options.Words.Count; i++)
        {
            CheckLine(failures, $"{nameof(options.Words)}:{i}", options.Words[i], "Give a word, or remove the entry.");
        }

        foreach ((int i, string entry) in options.TrustedNetworks.Index())
        {
            if (IpNetworkSet.Check(entry) is { } problem)
            {
                failures.Add($"{TaggerOptions.Section}:{nameof(options.TrustedNetworks)}:{i}: {problem}");
            }
        }

        foreach (IConfigurationSection child in configuration?.GetSection(TaggerOptions.Section).GetChildren() ?? [])
        {
            if (!s_settings.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                failures.Add($"{child.Path} is no setting. Settings are {string.Join(", ", s_settings)}.");
            }
            else
            {
                CheckShape(failures, child, s_lists.Contains(child.Key, StringComparer.OrdinalIgnoreCase));
            }
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    // What has another shape would be left out without a word.
    private static void CheckShape(List<string> failures, IConfigurationSection setting, bool isList)
    {
        bool hasParts = setting.GetChildren().Any();
        if (isList && !string.IsNullOrEmpty(setting.Value))
        {
            failures.Add($"{setting.Path} is \"{setting.Value}\", and has to be a list: [ \"{setting.Value}\" ] in appsettings.json, {setting.Path}:0 elsewhere.");
        }
        else if (isList && setting.GetChildren().FirstOrDefault(entry => entry.GetChildren().Any() || !int.TryParse(entry.Key, out _)) is { } odd)
        {
            failures.Add($"{odd.Path} is no entry of a list of texts. Write [ \"one\", \"two\" ].");
        }
        else if (!isList && hasParts)
        {
            failures.Add($"{setting.Path} is a list or a section, and has to be one text.");
        }
    }

    private static void CheckLine(List<string> failures, string key, string? value, string remedy)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            failures.Add($"{TaggerOptions.Section}:{key} is empty. {remedy}");
        }
        else if (value.Any(char.IsControl))
        {
            failures.Add($"{TaggerOptions.Section}:{key} has a control character, which a header field can't have. {remedy}");
        }
    }
}
