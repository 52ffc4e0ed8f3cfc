namespace Milter.Policy;

/// <summary>Whether something was counted within all limits.</summary>
/// <param name="IsAcquired">Whether it was.</param>
/// <param name="Limit">The limit that would have been passed; <see langword="null"/> where none, or the store is away.</param>
/// <param name="RetryAfter">When its window ends.</param>
public readonly record struct PolicyLimitLease(bool IsAcquired, PolicyLimit? Limit, TimeSpan RetryAfter)
{
    internal static PolicyLimitLease Acquired => new(true, null, TimeSpan.Zero);

    /// <summary>Gets the verdict: Continue, or <c>450 4.7.1 The limit of 100 recipients is reached, try again in 1200 seconds</c>.</summary>
    public Verdict Verdict => IsAcquired ? Verdict.Continue
        : Limit is null ? PutOff.StoreAway
        : Verdict.TempFail(450, "4.7.1", $"The limit of {Limit.PermitLimit} {Unit(Limit.Of)} is reached, try again in {Math.Max(1, (long)Math.Ceiling(RetryAfter.TotalSeconds))} seconds");

    private static string Unit(PolicyLimitOf of) => of switch
    {
        PolicyLimitOf.Messages => "messages",
        PolicyLimitOf.Recipients => "recipients",
        _ => "bytes",
    };
}
