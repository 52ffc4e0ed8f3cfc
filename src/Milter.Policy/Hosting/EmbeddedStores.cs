using Microsoft.Extensions.Hosting;

namespace Milter.Policy;

/// <summary>Opens <c>memory</c>.</summary>
internal sealed class MemoryPolicyStoreProvider : IPolicyStoreProvider
{
    public string Scheme => "memory";

    public IPolicyStore Open(string settings, PolicyOptions options, TimeProvider time) => settings.Length == 0
        ? new MemoryPolicyStore(time)
        : throw new ArgumentException("memory has no settings: write memory alone.");
}

/// <summary>Opens <c>sqlite:</c> stores.</summary>
internal sealed class SqlitePolicyStoreProvider(IHostEnvironment? environment = null) : IPolicyStoreProvider
{
    public string Scheme => "sqlite";

    public IPolicyStore Open(string settings, PolicyOptions options, TimeProvider time)
    {
        if (settings.Length == 0)
        {
            throw new ArgumentException("sqlite: needs a file: write sqlite:/var/lib/greylist/policy.db.");
        }

        // systemd gives several folders separated by colons where a unit has several.
        string folder = Environment.GetEnvironmentVariable("STATE_DIRECTORY")?.Split(':')[0] is { Length: > 0 } state ? state : environment?.ContentRootPath ?? Environment.CurrentDirectory;
        string path = Path.GetFullPath(settings, folder);
        return Directory.Exists(Path.GetDirectoryName(path))
            ? new SqlitePolicyStore(path, time, options.Timeout)
            : throw new ArgumentException($"the folder of {path} does not exist. Make it, or let systemd make it (StateDirectory=).");
    }
}
