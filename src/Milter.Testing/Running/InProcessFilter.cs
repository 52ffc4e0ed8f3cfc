using Milter.Client;
using Milter.Session;
using Milter.Transport;
using Milter.Transport.Wire;

namespace Milter.Testing;

/// <summary>A filter on the production connection, as a stream: what is written is what the MTA sends, what is read is what the filter answers.</summary>
/// <remarks>There is no thread of its own: whoever sends, or completes what a handler awaits, or lets time pass, brings the connection on.</remarks>
internal sealed partial class InProcessFilter : Stream, IConnectionOwner
{
    // The server's clock looks as often.
    private static readonly TimeSpan s_lookInterval = TimeSpan.FromMilliseconds(250);

    private readonly object _gate = new();
    private readonly MemoryWire _wire;
    private readonly Connection _connection;
    private readonly TimeProvider _time;
    private readonly ITimer _clock;
    private readonly WireChaos? _chaos;
    private readonly List<byte> _answers = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastSign;
    private bool _isDisposed;

    public InProcessFilter(SessionSettings settings, string id, WireChaos? chaos)
    {
        _time = settings.Time;
        _chaos = chaos;
        _wire = new MemoryWire(Answer, Act);
        _connection = new Connection(this, settings, _wire, id, "test");
        _connection.Start();
        _clock = _time.CreateTimer(static self => ((InProcessFilter)self!).Look(), this, s_lookInterval, s_lookInterval);
    }

    /// <summary>Gets the longest time that the MTA had to wait for a sign, by the clock of the test, since it was last asked.</summary>
    public TimeSpan LongestSilence { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void ForgetSilence() => LongestSilence = TimeSpan.Zero;

    void IConnectionOwner.Wake()
    {
        // The clock always looks.
    }

    void IConnectionOwner.BeforeBlocking()
    {
        // There is no loop to keep.
    }

    void IConnectionOwner.Ended(Connection connection) => Signal();

    private void Feed(ReadOnlySpan<byte> bytes)
    {
        if (!_connection.IsBusy)
        {
            _lastSign = _time.GetTimestamp();
        }

        _wire.Send(bytes);
    }

    private void Act(Connection connection)
    {
        using (new NoContext())
        {
            Scratch scratch = Scratch.Rent();
            connection.Run(scratch);
            Scratch.Return(scratch);
        }

        Signal();
    }

    private void Look()
    {
        if (!_isDisposed)
        {
            _connection.Look(_time.GetTimestamp());
            Signal();
        }
    }

    private int Answer(ReadOnlyMemory<byte> frames)
    {
        lock (_gate)
        {
            _answers.AddRange(frames.Span);
            long now = _time.GetTimestamp();
            TimeSpan silence = _time.GetElapsedTime(_lastSign, now);
            LongestSilence = silence > LongestSilence ? silence : LongestSilence;
            _lastSign = now;
        }

        Signal();
        return frames.Length;
    }

    private void Signal()
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.TrySetResult();
    }
}
