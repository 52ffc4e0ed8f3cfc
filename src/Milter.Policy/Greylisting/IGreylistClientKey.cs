namespace Milter.Policy;

/// <summary>Says what a client is in greylisting, where it is more than its network: the domain that SPF has passed, for instance. Registered as a service.</summary>
public interface IGreylistClientKey
{
    /// <summary>Gives the key of the client of an attempt.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="cancellationToken">The handler's.</param>
    /// <returns>Such as <c>spf:example.org</c>; <see langword="null"/> to leave it to <see cref="GreylistOptions.Client"/>.</returns>
    ValueTask<string?> GetAsync(GreylistAttempt attempt, CancellationToken cancellationToken);
}
