namespace Milter;

/// <summary>What stands in, as a verdict.</summary>
internal static class FailureVerdicts
{
    public static Verdict ToVerdict(this FailureVerdict verdict) => verdict switch
    {
        FailureVerdict.Reject => Verdict.Reject(),
        FailureVerdict.Accept => Verdict.Accept,
        FailureVerdict.Continue => Verdict.Continue,
        _ => Verdict.TempFail(),
    };
}
