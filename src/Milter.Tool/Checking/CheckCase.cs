namespace Milter.Tool;

/// <summary>How a case has come out.</summary>
internal enum CheckOutcome
{
    /// <summary>Right: as a correct milter does.</summary>
    Passed,

    /// <summary>Works with Postfix and Sendmail, though a correct milter does otherwise.</summary>
    Warned,

    /// <summary>Wrong: mail is lost, unfiltered or stuck by it.</summary>
    Failed,

    /// <summary>The filter has not agreed to what the case is about, or was gone before.</summary>
    NotApplicable,
}

/// <summary>A case: what is done, and what a correct milter does then.</summary>
/// <param name="Id">A short name that does not change.</param>
/// <param name="IsHostile">Whether no MTA does that; somebody else may.</param>
/// <param name="Title">What is done.</param>
/// <param name="Correct">What a correct milter does.</param>
/// <param name="Run">Does it.</param>
internal sealed record CheckCase(string Id, bool IsHostile, string Title, string Correct, Func<CheckTalk, Task> Run);

/// <summary>What has come of a case.</summary>
internal sealed record CheckResult(CheckCase Case, CheckOutcome Outcome, string? Found, TimeSpan Time, bool IsGone = false);

/// <summary>Ends a case that has not come out as it should.</summary>
internal sealed class CheckException(CheckOutcome outcome, string found) : Exception(found)
{
    public CheckOutcome Outcome { get; } = outcome;
}
