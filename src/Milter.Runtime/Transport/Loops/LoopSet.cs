using Milter.Limits;

namespace Milter.Transport.Loops;

/// <summary>The loops of one engine.</summary>
internal sealed class LoopSet : IDisposable
{
    public const int Most = 8;

    private const int CalmPause = 4;

    private readonly Loop[] _loops;
    private readonly StallLook[] _looks;
    private int _next;

    /// <summary>Starts the loops.</summary>
    /// <param name="count">How many; 0 for one a processor, eight at most.</param>
    /// <param name="host">What they need.</param>
    /// <exception cref="IOException">The process has no file descriptors left.</exception>
    /// <exception cref="OutOfMemoryException">The system gives no threads.</exception>
    public LoopSet(int count, LoopHost host)
    {
        _loops = new Loop[count > 0 ? count : Math.Clamp(Environment.ProcessorCount, 1, Most)];
        try
        {
            for (int i = 0; i < _loops.Length; i++)
            {
                _loops[i] = new Loop(host, new LinuxKernel());
                _loops[i].Start();
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        _looks = [.. _loops.Select(loop => new StallLook(loop, host))];
    }

    /// <summary>Gets the loop that takes connections.</summary>
    public Loop First => _loops[0];

    /// <summary>Gets the loop for the next connection: each in its turn.</summary>
    public Loop Next() => _loops[(uint)Interlocked.Increment(ref _next) % (uint)_loops.Length];

    /// <summary>Gets how many milliseconds to wait between two looks while a loop works.</summary>
    /// <remarks>A look has its price, which all messages of a second pay 1,000 times: where no handler has blocked for a while, it is taken less often until one seems to.</remarks>
    public int Pause => Array.Exists(_looks, static look => look.IsWary) ? 1 : CalmPause;

    /// <summary>Looks whether a handler keeps a loop from its work. Called after each <see cref="Pause"/> while a loop works.</summary>
    /// <returns>Whether one does.</returns>
    public bool Look()
    {
        bool works = false;
        foreach (StallLook look in _looks)
        {
            works |= look.Look();
        }

        return works;
    }

    /// <summary>Gets a value indicating whether a loop answers nobody. For the thread that looks.</summary>
    public bool IsStuck => Array.Exists(_looks, static look => look.IsStuck);

    /// <summary>Sees to it that each loop has a thread in reserve.</summary>
    /// <returns>Whether all have.</returns>
    public bool KeepReserves()
    {
        bool all = true;
        foreach (Loop loop in _loops)
        {
            all &= loop.Threads.KeepReserve();
        }

        return all;
    }

    public void Dispose()
    {
        foreach (Loop? loop in _loops)
        {
            loop?.Dispose();
        }
    }
}

/// <summary>What loops need of the engine.</summary>
/// <param name="Late">Is told when the system gives no thread.</param>
/// <param name="Wake">Somebody begins to work: the clock should look.</param>
/// <param name="Die">A loop can't go on: the process should end, with a line.</param>
internal sealed record LoopHost(LateHandlers Late, Action Wake, Action<string, Exception?> Die);
