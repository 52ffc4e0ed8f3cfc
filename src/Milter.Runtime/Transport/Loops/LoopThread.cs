using System.Diagnostics.CodeAnalysis;

namespace Milter.Transport.Loops;

/// <summary>A thread that leads a loop, or rests until it does. While it rests it holds nothing but its stack.</summary>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "The semaphore has no handle.")]
internal sealed class LoopThread(Loop loop, LoopThreads threads)
{
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(5);

    [ThreadStatic]
    private static LoopThread? t_current;

    private readonly SemaphoreSlim _promotion = new(0);
    private int _generation;
    private Scratch? _scratch;

    /// <summary>Gets the loop's thread that calls; none on others.</summary>
    public static LoopThread? Current => t_current;

    /// <summary>Gets what tells whether the thread is at work, while it leads.</summary>
    public ThreadMeter? Meter { get; private set; }

    /// <summary>Gets what it reads into.</summary>
    public Scratch Scratch => _scratch ??= Scratch.Rent();

    /// <summary>Starts the thread, which rests until it is promoted.</summary>
    /// <exception cref="OutOfMemoryException">The system gives no thread.</exception>
    /// <exception cref="ThreadStartException">The same.</exception>
    public void Start() => new Thread(Run) { IsBackground = true, Name = "milter loop" }.UnsafeStart();

    /// <summary>Gives it the lead.</summary>
    public void Promote(int generation)
    {
        _generation = generation;
        _promotion.Release();
    }

    /// <summary>Ends its rest, for good.</summary>
    public void Dismiss() => _promotion.Release();

    /// <summary>Gives the lead to another thread, if this one has it.</summary>
    public void HandOver() => loop.HandOver(_generation);

    /// <summary>Rests and leads by turns, on the thread that calls.</summary>
    public void Run()
    {
        t_current = this;
        try
        {
            while (Rests())
            {
                // The next one first: the lead is given away only where somebody is there to take it.
                threads.KeepReserve();
                Meter = new ThreadMeter();
                loop.Lead(_generation, this);
                Meter.Dispose();
                Meter = null;
                if (_scratch is { } scratch)
                {
                    _scratch = null;
                    Scratch.Return(scratch);
                }

                if (!threads.TryRest(this))
                {
                    break;
                }
            }
        }
#pragma warning disable CA1031 // A loop that nobody leads answers nobody, and looks well from outside.
        catch (Exception e)
#pragma warning restore CA1031
        {
            threads.Die("a loop has failed", e);
        }

        t_current = null;
        threads.Leave();
    }

    // Returns whether there is a lead to take.
    private bool Rests()
    {
        while (!_promotion.Wait(s_rest))
        {
            if (threads.TryEnd(this))
            {
                return false;
            }
        }

        return !threads.IsStopping;
    }
}
