namespace Milter.Protocol.Tests;

/// <summary>Counts what a hot path allocates.</summary>
internal static class Allocated
{
    private const int Calls = 1_000, MaxRounds = 30;

    /// <summary>Bytes the current thread allocates over many calls of <paramref name="action"/>, once the runtime has optimized it.</summary>
    /// <remarks>
    /// The first code of a generic method of the framework may box; it is replaced in the background after some calls. So
    /// rounds are repeated until one allocates nothing, and the last one counts.
    /// </remarks>
    public static long InSteadyState(Action action)
    {
        long allocated = Round(action);
        for (int round = 1; allocated > 0 && round < MaxRounds; round++)
        {
            Thread.Sleep(50);
            allocated = Round(action);
        }

        return allocated;
    }

    private static long Round(Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Calls; i++)
        {
            action();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
