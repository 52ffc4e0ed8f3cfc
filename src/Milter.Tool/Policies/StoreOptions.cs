using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Milter.Policy;

namespace Milter.Tool;

/// <summary>Which store: that of a filter's settings, or one that is named.</summary>
internal sealed class StoreOptions
{
    private readonly Option<string?> _store = new("--store") { Description = "The store, as Policy:Store has it; goes before the settings.", HelpName = "STORE" };
    private readonly Option<string?> _settings = new("--settings") { Description = "The filter's settings, of which the section Policy is read; appsettings.json here if not given. Environment variables (Policy__Store) go before it.", HelpName = "FILE" };

    public void AddTo(Command command)
    {
        command.Add(_store);
        command.Add(_settings);
    }

    /// <summary>How the filter's greylist knows clients.</summary>
    public ClientText Clients(ParseResult parsed)
    {
        IConfigurationSection greylist = Section(parsed, out _).GetSection(nameof(Greylist));
        var defaults = new GreylistOptions();
        return new ClientText(Length(nameof(GreylistOptions.IPv4PrefixLength), defaults.IPv4PrefixLength), Length(nameof(GreylistOptions.IPv6PrefixLength), defaults.IPv6PrefixLength));

        int Length(string option, int otherwise) => int.TryParse(greylist[option], System.Globalization.CultureInfo.InvariantCulture, out int length) ? length : otherwise;
    }

    public IPolicyStore Open(ParseResult parsed)
    {
        IConfigurationSection section = Section(parsed, out string settings);
        var options = new PolicyOptions { HashKey = section[nameof(PolicyOptions.HashKey)] };
        options.Store = parsed.GetValue(_store) ?? section[nameof(options.Store)]
            ?? throw new ToolException(ExitCode.Usage, $"Which store? {settings} has no Policy:Store: give --settings FILE or --store STORE, such as --store sqlite:/var/lib/greylist/policy.db.");
        try
        {
            return PolicyStores.Open(options, [new MemoryPolicyStoreProvider(), new SqlitePolicyStoreProvider(), new PostgreSqlPolicyStoreProvider(), new RedisPolicyStoreProvider()], TimeProvider.System);
        }
        catch (ArgumentException e)
        {
            throw new ToolException(ExitCode.Usage, $"Policy:Store: {e.Message}", e);
        }
    }

    private IConfigurationSection Section(ParseResult parsed, out string settings)
    {
        string? file = parsed.GetValue(_settings);
        if (file is not null && !File.Exists(file))
        {
            throw new ToolException(ExitCode.NoInput, $"{file} is not there.");
        }

        settings = Path.GetFullPath(file ?? "appsettings.json");
        return new ConfigurationBuilder().AddJsonFile(settings, optional: true).AddEnvironmentVariables().Build().GetSection(PolicyOptions.Section);
    }

    /// <summary>Asks a store; what it throws is told in a line.</summary>
    public static async Task<T> AskAsync<T>(IPolicyStore store, Func<IPolicyStore, ValueTask<T>> ask)
    {
        try
        {
            return await ask(store);
        }
        catch (Exception e) when (e is not (OperationCanceledException or ToolException))
        {
            throw new ToolException(ExitCode.Unreachable, $"{store} can't be asked: {e.Message}", e);
        }
    }
}
