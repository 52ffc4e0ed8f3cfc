namespace Milter.Policy;

/// <summary>Opens <c>postgresql:</c> stores.</summary>
internal sealed class PostgreSqlPolicyStoreProvider : IPolicyStoreProvider
{
    public string Scheme => "postgresql";

    public IPolicyStore Open(string settings, PolicyOptions options, TimeProvider time) => new PostgreSqlPolicyStore(settings, time, options.Clock, options.Timeout);
}
