using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Milter.Auth;

/// <summary>Checks <see cref="DnsOptions"/> when the host starts.</summary>
internal sealed class ValidateDnsOptions(IConfiguration? configuration = null) : IValidateOptions<DnsOptions>
{
    public ValidateOptionsResult Validate(string? name, DnsOptions options)
    {
        var complaints = new Complaints(DnsOptions.Section, configuration);
        complaints.Keys(
            nameof(options.Servers), nameof(options.Timeout), nameof(options.Tries), nameof(options.MessageBudget), nameof(options.MessageQueries), nameof(options.CacheSize), nameof(options.CacheLifetime));
        foreach (string server in options.Servers)
        {
            complaints.Add(nameof(options.Servers), DnsServers.Parse(server, out _));
        }

        complaints.Range(nameof(options.Timeout), options.Timeout, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(30));
        complaints.Range(nameof(options.MessageBudget), options.MessageBudget, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        complaints.Range(nameof(options.CacheLifetime), options.CacheLifetime, TimeSpan.Zero, TimeSpan.FromDays(7));
        complaints.Range(nameof(options.Tries), options.Tries, 1, 5);
        complaints.Range(nameof(options.MessageQueries), options.MessageQueries, 10, 10_000);
        complaints.Range(nameof(options.CacheSize), options.CacheSize, 0, 10_000_000);
        return complaints.Result();
    }
}

/// <summary>Checks <see cref="AuthenticationOptions"/> when the host starts.</summary>
internal sealed class ValidateAuthenticationOptions(IConfiguration? configuration = null) : IValidateOptions<AuthenticationOptions>
{
    public ValidateOptionsResult Validate(string? name, AuthenticationOptions options)
    {
        var complaints = new Complaints(AuthenticationOptions.Section, configuration);
        complaints.Keys(
            nameof(options.AuthservId), nameof(options.TrustedRelays), nameof(options.LocalClients), nameof(options.MaxSignatures), nameof(options.ClockSkew), nameof(options.AcceptUnsignedBytes));
        complaints.Networks(nameof(options.TrustedRelays), options.TrustedRelays);
        complaints.Networks(nameof(options.LocalClients), options.LocalClients);
        complaints.Range(nameof(options.MaxSignatures), options.MaxSignatures, 1, 100);
        complaints.Range(nameof(options.ClockSkew), options.ClockSkew, TimeSpan.Zero, TimeSpan.FromDays(1));
        return complaints.Result();
    }
}

/// <summary>Checks <see cref="DnsListOptions"/> when the host starts.</summary>
internal sealed class ValidateDnsListOptions(IConfiguration? configuration = null) : IValidateOptions<DnsListOptions>
{
    public ValidateOptionsResult Validate(string? name, DnsListOptions options)
    {
        var complaints = new Complaints(DnsListOptions.Section, configuration);
        complaints.Keys(nameof(options.Lists), nameof(options.Timeout));
        complaints.Range(nameof(options.Timeout), options.Timeout, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(60));
        for (int i = 0; i < options.Lists.Count; i++)
        {
            DnsList list = options.Lists[i];
            complaints.Add($"{nameof(options.Lists)}:{i}:{nameof(list.Zone)}", DnsNames.Domain(list.Zone) is null ? $"\"{list.Zone}\" is no zone: write the domain below which the list is asked, such as zen.spamhaus.org." : null);
            complaints.Networks($"{nameof(options.Lists)}:{i}:{nameof(list.Codes)}", list.Codes);
        }

        return complaints.Result();
    }
}

/// <summary>Checks <see cref="DkimSigningOptions"/> when the host starts, its keys included.</summary>
internal sealed class ValidateDkimSigningOptions(IConfiguration? configuration = null) : IValidateOptions<DkimSigningOptions>
{
    public ValidateOptionsResult Validate(string? name, DkimSigningOptions options)
    {
        var complaints = new Complaints(DkimSigningOptions.Section, configuration);
        complaints.Keys(nameof(options.Keys), nameof(options.Networks), nameof(options.OnFailure), nameof(options.Lifetime));
        complaints.Networks(nameof(options.Networks), options.Networks);
        complaints.Range(nameof(options.Lifetime), options.Lifetime, TimeSpan.Zero, TimeSpan.FromDays(365));
        complaints.Add(nameof(options.Keys), options.Keys.Count == 0 ? "there are none, so nothing can be signed. \"milter auth genkey\" makes one." : null);
        for (int i = 0; i < options.Keys.Count; i++)
        {
            DkimSigningKey key = options.Keys[i];
            complaints.Add($"{nameof(options.Keys)}:{i}:{nameof(key.Domain)}", DnsNames.Domain(key.Domain) is null ? $"\"{key.Domain}\" is no domain." : null);
            complaints.Add($"{nameof(options.Keys)}:{i}:{nameof(key.Selector)}", DnsNames.Normal(key.Selector) is null ? $"\"{key.Selector}\" is no selector: letters, digits and hyphens, such as 2026a." : null);
            complaints.Add($"{nameof(options.Keys)}:{i}:{nameof(key.File)}", ProblemOf(key.File));
        }

        return complaints.Result();
    }

    private static string? ProblemOf(string file)
    {
        try
        {
            _ = new SigningKeys().Of(file);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException or ArgumentException or FormatException)
        {
            return $"\"{file}\" has no key that can be read: {e.Message}";
        }
    }
}

/// <summary>What is wrong with a section of the configuration.</summary>
internal sealed class Complaints(string section, IConfiguration? configuration)
{
    private readonly List<string> _complaints = [];

    public void Add(string key, string? complaint)
    {
        if (complaint is not null)
        {
            _complaints.Add($"{section}:{key}: {complaint}");
        }
    }

    /// <summary>Complains of keys that nobody reads: a mistyped one would leave the default in silence.</summary>
    public void Keys(params string[] known)
    {
        foreach (IConfigurationSection child in configuration?.GetSection(section).GetChildren() ?? [])
        {
            if (!known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                Add(child.Key, $"there is no such option. Known are {string.Join(", ", known)}.");
            }
        }
    }

    public void Networks(string key, IpNetworkSet networks)
    {
        foreach (string complaint in networks.Complaints)
        {
            Add(key, complaint);
        }
    }

    public void Range(string key, TimeSpan value, TimeSpan least, TimeSpan most) =>
        Add(key, value < least || value > most ? $"{value} is not from {least} to {most} (written as hh:mm:ss or d.hh:mm:ss)." : null);

    public void Range(string key, int value, int least, int most) => Add(key, value < least || value > most ? $"{value} is not from {least} to {most}." : null);

    public ValidateOptionsResult Result() => _complaints.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_complaints);
}
