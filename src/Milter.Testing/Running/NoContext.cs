namespace Milter.Testing;

/// <summary>Takes a test framework's synchronization context away for a while: in production there is none, and what waits goes on at once.</summary>
internal readonly ref struct NoContext
{
    private readonly SynchronizationContext? _before;

    public NoContext()
    {
        _before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
    }

    public void Dispose() => SynchronizationContext.SetSynchronizationContext(_before);
}
