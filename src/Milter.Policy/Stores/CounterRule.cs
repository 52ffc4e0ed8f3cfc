namespace Milter.Policy;

/// <summary>How much may be counted in which time: the words are those of <c>System.Threading.RateLimiting</c>'s fixed window.</summary>
/// <param name="PermitLimit">How many permits a window has.</param>
/// <param name="Window">How long it lasts, from the first count in it.</param>
public readonly record struct CounterRule(long PermitLimit, TimeSpan Window)
{
    internal long WindowMilliseconds => (long)Window.TotalMilliseconds;
}
