namespace Milter.Policy;

/// <summary>Opens <c>redis:</c> stores.</summary>
internal sealed class RedisPolicyStoreProvider : IPolicyStoreProvider
{
    public string Scheme => "redis";

    public IPolicyStore Open(string settings, PolicyOptions options, TimeProvider time) => new RedisPolicyStore(settings, time, options.Clock, options.Timeout);
}
