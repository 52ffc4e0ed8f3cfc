namespace Milter.Policy;

/// <summary>What <see cref="IPolicyStore.CountAsync"/> answers.</summary>
/// <param name="IsAcquired">Whether it was counted. What was not counted changed nothing.</param>
/// <param name="Total">The total of the window.</param>
/// <param name="RetryAfter">When the window ends.</param>
public readonly record struct CounterLease(bool IsAcquired, long Total, TimeSpan RetryAfter);
