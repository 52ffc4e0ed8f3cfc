using System.Runtime.CompilerServices;

namespace Milter.Limits;

/// <summary>Handlers whose time was up and that have not returned: each holds a thread, or whatever it waits for. At the cap no more are started.</summary>
/// <param name="most">The cap; 0 for none.</param>
internal sealed class LateHandlers(int most)
{
    private int _count;
    private volatile bool _isShortOfThreads;

    /// <summary>Gets how many there are now.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Gets a value indicating whether no further handler may be started: the cap is reached, or late ones hold what threads the system gives.</summary>
    public bool IsFull
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Count is > 0 and var count && IsFullWith(count);
    }

    /// <summary>Says whether the system has refused to give a thread; or gives one again.</summary>
    /// <param name="isShort">Which of them.</param>
    public void ShortOfThreads(bool isShort) => _isShortOfThreads = isShort;

    /// <summary>A handler is left behind.</summary>
    /// <param name="late">Ends when it returns at last.</param>
    public void Leave(Task late)
    {
        Interlocked.Increment(ref _count);
        _ = late.ContinueWith(static (_, self) => Interlocked.Decrement(ref ((LateHandlers)self!)._count), this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private bool IsFullWith(int count) => (most > 0 && count >= most) || _isShortOfThreads;
}
