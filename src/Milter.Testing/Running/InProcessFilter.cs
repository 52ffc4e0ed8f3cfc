using Milter.Client;
using Milter.Session;

namespace Milter.Testing;

/// <summary>A filter on the production session, as a stream: what is written is what the MTA sends, what is read is what the filter answers.</summary>
/// <remarks>
/// The session has one owner at a time, as in the server: whoever feeds it, whoever resumes it, or the watch that takes it from handlers whose time
/// is spent. The gate is held to look and to hand over, never while handlers run.
/// </remarks>
internal sealed partial class InProcessFilter : Stream, ISessionHost
{
    // The server's watchdog looks as often.
    private static readonly TimeSpan s_watchInterval = TimeSpan.FromMilliseconds(250);

    private readonly object _gate = new();
    private readonly MilterSession _session;
    private readonly TimeProvider _time;
    private readonly ITimer _watch;
    private readonly WireChaos? _chaos;
    private readonly List<byte> _queued = [];
    private readonly List<byte> _answers = [];
    private byte[] _input = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastSign;
    private int _used;
    private int _owner;
    private bool _isOwned;
    private bool _isProcessing;
    private bool _isClosed;
    private bool _isDisposed;

    public InProcessFilter(SessionSettings settings, string id, WireChaos? chaos)
    {
        _time = settings.Time;
        _chaos = chaos;
        _session = new MilterSession(settings, this, id, "test");
        _watch = _time.CreateTimer(static self => ((InProcessFilter)self!).Watch(), this, s_watchInterval, s_watchInterval);
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

    void ISessionHost.SendNow(ReadOnlySpan<byte> frames)
    {
        lock (_gate)
        {
            Answer(frames);
        }
    }

    private void Feed(ReadOnlySpan<byte> bytes)
    {
        int owner;
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _queued.AddRange(bytes);
            if (_isOwned)
            {
                return;
            }

            _isOwned = true;
            _lastSign = _time.GetTimestamp();
            owner = _owner;
        }

        Work(owner);
    }

    private void Work(int owner)
    {
        using var production = new NoContext();
        while (true)
        {
            byte[] input;
            lock (_gate)
            {
                if (owner != _owner)
                {
                    return;
                }

                input = [.. _input.AsSpan(_used), .. _queued];
                _queued.Clear();
                _input = input;
                _used = 0;
                _isProcessing = true;
            }

            SessionStatus status = _session.Process(input, out int consumed);
            if (!GoesOn(owner, status, consumed, out bool isSuspended))
            {
                if (isSuspended)
                {
                    _ = ResumeAsync(owner);
                }

                return;
            }
        }
    }

    private bool GoesOn(int owner, SessionStatus status, int? consumed, out bool isSuspended)
    {
        isSuspended = false;
        lock (_gate)
        {
            if (owner != _owner || status == SessionStatus.Deposed)
            {
                return false;
            }

            _isProcessing = false;
            _used = consumed ?? _used;
            TakeOutput();
            switch (status)
            {
                case SessionStatus.NeedMore when consumed is null || _queued.Count > 0:
                    return true;
                case SessionStatus.Suspended:
                    isSuspended = true;
                    return false;
                default:
                    _isClosed = status == SessionStatus.Closed;
                    _isOwned = false;
                    Signal();
                    return false;
            }
        }
    }

    private async Task ResumeAsync(int owner)
    {
        bool isSuspended = true;
        while (isSuspended)
        {
            await _session.Pending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lock (_gate)
            {
                if (owner != _owner)
                {
                    return;
                }
            }

            using var production = new NoContext();
            if (GoesOn(owner, _session.Resume(), null, out isSuspended))
            {
                Work(owner);
                return;
            }
        }
    }

    private void Watch()
    {
        int owner;
        lock (_gate)
        {
            if (_isDisposed || !_isOwned || !_session.Watch())
            {
                return;
            }

            owner = ++_owner;
            _used = _isProcessing ? _session.DeposedAt : _used;
            _isProcessing = false;
            TakeOutput();
        }

        Work(owner);
    }

    private void TakeOutput()
    {
        if (_session.Output.Length > 0)
        {
            Answer(_session.Output.WrittenSpan);
            _session.Output.Clear();
        }
    }

    private void Answer(ReadOnlySpan<byte> frames)
    {
        _answers.AddRange(frames);
        long now = _time.GetTimestamp();
        TimeSpan silence = _time.GetElapsedTime(_lastSign, now);
        LongestSilence = silence > LongestSilence ? silence : LongestSilence;
        _lastSign = now;
        Signal();
    }

    private void Signal()
    {
        TaskCompletionSource changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.TrySetResult();
    }
}
