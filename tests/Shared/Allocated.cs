namespace Milter.Tests;

/// <summary>Counts what a hot path allocates.</summary>
/// <remarks>Projects that count turn tiered compilation off, so that the first call runs the same code as the last.</remarks>
internal static class Allocated
{
    private const int WarmUp = 200, Measured = 1_000;

    /// <summary>Bytes the current thread allocates over many calls of <paramref name="action"/>, once buffers are warm.</summary>
    public static long InSteadyState(Action action)
    {
        for (int i = 0; i < WarmUp; i++)
        {
            action();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Measured; i++)
        {
            action();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
