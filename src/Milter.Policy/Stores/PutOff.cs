namespace Milter.Policy;

/// <summary>What is said where a store is away.</summary>
internal static class PutOff
{
    public static Verdict StoreAway { get; } = Verdict.TempFail(451, "4.3.0", "Temporary local problem, try again later");
}
