namespace Milter.Message;

/// <summary>What became of a plan, for logs and counters.</summary>
/// <param name="Edits">The modifications that were written: packets, a new body as one.</param>
/// <param name="Dropped">How many edits were left out because the MTA did not agree to them (<c>Degrade</c>).</param>
/// <param name="QuarantineLeftOut">Whether a quarantine was left out because the verdict is neither Continue nor Accept.</param>
/// <param name="LongLines">The lines of a new body that are too long, where <see cref="MilterOptions.WarnOfLongLines"/> wants to know.</param>
internal readonly record struct PlanOutcome(EditCounts Edits, int Dropped, bool QuarantineLeftOut, LongLines LongLines = default)
{
    /// <summary>Gets how many modifications were written.</summary>
    public int Sent => Edits.Total;
}
