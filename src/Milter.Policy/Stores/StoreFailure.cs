namespace Milter.Policy;

/// <summary>What a policy does while its store is away.</summary>
public enum StoreFailure
{
    /// <summary>The message is put off with a 4xx: nothing is lost, nothing passes the policy.</summary>
    PutOff,

    /// <summary>The message passes as if there were no policy.</summary>
    Pass,
}
