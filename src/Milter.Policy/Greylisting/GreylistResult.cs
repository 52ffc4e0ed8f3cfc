namespace Milter.Policy;

/// <summary>What greylisting makes of an attempt.</summary>
public enum GreylistReason
{
    /// <summary>The triplet is new: put off.</summary>
    New,

    /// <summary>It has come back too early: put off.</summary>
    Early,

    /// <summary>It has come back in time, now or before: passed.</summary>
    Known,

    /// <summary>Its client is known: passed.</summary>
    KnownClient,

    /// <summary>Client, sender or recipient is an exception: passed.</summary>
    Exempt,

    /// <summary>The store can't be asked: by <see cref="GreylistOptions.OnStoreFailure"/>.</summary>
    StoreAway,
}

/// <summary>What greylisting says of an attempt.</summary>
/// <param name="IsPassed">Whether it passes.</param>
/// <param name="Reason">Why.</param>
/// <param name="RetryAfter">For what is put off, when to come back; 0 otherwise.</param>
public readonly record struct GreylistResult(bool IsPassed, GreylistReason Reason, TimeSpan RetryAfter)
{
    /// <summary>Gets the verdict at RCPT: Continue, or <c>451 4.7.1 Greylisted, try again in 300 seconds</c>.</summary>
    public Verdict Verdict => IsPassed ? Verdict.Continue
        : Reason == GreylistReason.StoreAway ? PutOff.StoreAway
        : Verdict.TempFail(451, "4.7.1", $"Greylisted, try again in {Math.Max(1, (long)Math.Ceiling(RetryAfter.TotalSeconds))} seconds");
}
