using Milter.Session;

namespace Milter.Testing;

/// <summary>Notes which handlers the engine calls, and how messages end.</summary>
internal sealed class CallLog : SessionObserver
{
    private readonly List<MilterStages> _called = [];
    private int _open;
    private int _endedAt;
    private MessageOutcome? _ended;

    public IReadOnlyList<MilterStages> Called
    {
        get
        {
            lock (_called)
            {
                return [.. _called];
            }
        }
    }

    /// <summary>Gets what was called since the last message ended: what its end calls, and the session's.</summary>
    public IReadOnlyList<MilterStages> CalledSinceEnd
    {
        get
        {
            lock (_called)
            {
                return _called[_endedAt..];
            }
        }
    }

    /// <summary>Gets a value indicating whether every instance that was made was disposed of.</summary>
    public bool AllDisposed => Volatile.Read(ref _open) == 0;

    /// <summary>Takes how the last message ended since it was last asked.</summary>
    public MessageOutcome? TakeEnd()
    {
        lock (_called)
        {
            MessageOutcome? ended = _ended;
            _ended = null;
            return ended;
        }
    }

    public override void MessageEnded(MessageOutcome outcome)
    {
        lock (_called)
        {
            _ended = outcome;
            _endedAt = _called.Count;
        }
    }

    public void Made() => Interlocked.Increment(ref _open);

    public void Disposed() => Interlocked.Decrement(ref _open);

    public void Add(MilterStages stage)
    {
        lock (_called)
        {
            _called.Add(stage);
        }
    }
}
