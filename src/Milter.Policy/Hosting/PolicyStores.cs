namespace Milter.Policy;

/// <summary>Finds the store that a setting names.</summary>
internal static class PolicyStores
{
    private static readonly Dictionary<string, string> s_packages = new()
    {
        ["postgresql"] = "the package AttrMilter.Policy.PostgreSql and AddPostgreSqlPolicyStore()",
        ["redis"] = "the package AttrMilter.Policy.Redis and AddRedisPolicyStore()",
    };

    /// <summary>Opens the store, keys made safe.</summary>
    /// <exception cref="ArgumentException">The setting is wrong; the message says how to write it, and never the setting itself, which may have a password.</exception>
    public static IPolicyStore Open(PolicyOptions options, IEnumerable<IPolicyStoreProvider> providers, TimeProvider time)
    {
        string[] parts = options.Store.Trim().Split(':', 2);
        IPolicyStoreProvider? provider = providers.FirstOrDefault(provider => provider.Scheme.Equals(parts[0], StringComparison.OrdinalIgnoreCase));
        if (provider is null)
        {
            throw new ArgumentException(s_packages.TryGetValue(parts[0].ToLowerInvariant(), out string? package)
                ? $"{parts[0]}: needs {package}."
                : $"there is no store \"{parts[0]}\". Stores are {string.Join(", ", providers.Select(static provider => provider.Scheme).Concat(s_packages.Keys).Distinct())}, as in sqlite:/var/lib/greylist/policy.db.");
        }

        return new SafeKeysStore(provider.Open(parts.Length > 1 ? parts[1].Trim() : "", options, time), options.HashKey);
    }
}
