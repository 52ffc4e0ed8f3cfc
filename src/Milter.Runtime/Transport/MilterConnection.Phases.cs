using System.Net.Sockets;
using Milter.Telemetry;

namespace Milter.Transport;

/// <content>What the connection is at, and what others do with it: the watchdog, draining, a forced stop.</content>
internal sealed partial class MilterConnection
{
    // The phase is changed by the owner alone, except that others take a connection over or end it: these changes are compare-and-swaps.
    private int _phase;
    private long _since;

    // Under the gate.
    private int _owner;
    private bool _resumes;
    private TaskCompletionSource? _deposed;

    private ConnectionEnd _endedBy;
    private volatile bool _endsWhenAnswered;

    private enum Phase
    {
        /// <summary>The owner does something that takes no time worth watching.</summary>
        Owned,

        /// <summary>The owner waits for the MTA to send.</summary>
        Reading,

        /// <summary>The owner waits for the MTA to take what was written.</summary>
        Writing,

        /// <summary>The session works, and perhaps a handler in it.</summary>
        Running,

        /// <summary>A handler is awaited.</summary>
        Suspended,

        Ended,
    }

    private Phase Now => (Phase)Volatile.Read(ref _phase);

    /// <summary>Gets a value indicating whether the watchdog has something to watch.</summary>
    public bool IsBusy => Now is Phase.Running or Phase.Suspended || (Now == Phase.Ended && !_ended.Task.IsCompleted);

    /// <summary>Looks at the time: of the handler that runs, or of the MTA that is silent.</summary>
    public void Watch()
    {
        Phase phase = Now;
        if (IsBusy)
        {
            WatchHandler();
        }
        else if (phase is Phase.Reading or Phase.Writing && _settings.Time.GetElapsedTime(Volatile.Read(ref _since)) >= _settings.IdleTimeout)
        {
            EndFrom(phase, ConnectionEnd.Idle);
        }
    }

    /// <summary>Ends the SMTP session at its next MAIL or RCPT with 421.</summary>
    public void BeginDrain() => _session.BeginDrain();

    /// <summary>Ends the connection as soon as no command is pending: now, if the MTA is silent.</summary>
    public void EndWhenAnswered()
    {
        _endsWhenAnswered = true;
        Thread.MemoryBarrier();
        EndFrom(Phase.Reading, ConnectionEnd.Stopping);
    }

    /// <summary>Fires the token of the handler that runs, and cuts the connection.</summary>
    public void Abort()
    {
        _endedBy = ConnectionEnd.Stopping;
        _endsWhenAnswered = true;
        _session.PeerGone();
        Cut();
    }

    // A full fence: what is looked at next is looked at after the change.
    private void Enter(Phase phase) => Interlocked.Exchange(ref _phase, (int)phase);

    private bool Change(Phase from, Phase to) => Interlocked.CompareExchange(ref _phase, (int)to, (int)from) == (int)from;

    /// <summary>Cuts the connection, since something in it has failed.</summary>
    public void Fail(Exception e)
    {
        MilterLog.ConnectionFailed(_settings.Logger, e, Id, Peer);
        _endedBy = ConnectionEnd.Failed;
        _endsWhenAnswered = true;
        Cut();
    }

    private void EndFrom(Phase phase, ConnectionEnd why)
    {
        if (Change(phase, Phase.Ended))
        {
            _endedBy = why;
            Cut();
        }
    }

    /// <summary>Makes the owner's read or write end.</summary>
    private void Cut()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has ended already.
        }
    }

    /// <returns>Whether the connection goes on.</returns>
    private bool BeginWait(Phase phase)
    {
        Volatile.Write(ref _since, _settings.Time.GetTimestamp());
        Enter(phase);
        if (phase == Phase.Reading && _endsWhenAnswered)
        {
            _endedBy = _endedBy == ConnectionEnd.None ? ConnectionEnd.Stopping : _endedBy;
            return false;
        }

        return true;
    }

    /// <returns>Whether the connection goes on.</returns>
    private bool EndWait(Phase phase) => Change(phase, Phase.Owned);

    private void BeginRun(bool resumes)
    {
        _resumes = resumes;
        Enter(Phase.Running);
        _watchdog.Wake();
    }

    /// <returns><see langword="false"/> when the watchdog has made somebody else the owner.</returns>
    private bool EndRun(int owner, Session.SessionStatus status)
    {
        lock (this)
        {
            if (_owner != owner || status == Session.SessionStatus.Deposed)
            {
                return false;
            }

            Enter(Phase.Owned);
            return true;
        }
    }

    /// <returns>Whether this is still the owner; then nobody can depose it any more.</returns>
    private bool Claim(int owner)
    {
        lock (this)
        {
            if (_owner != owner)
            {
                return false;
            }

            Enter(Phase.Owned);
            return true;
        }
    }

    /// <returns>What completes when the watchdog takes the handler's place.</returns>
    private Task BeginSuspension()
    {
        var deposed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (this)
        {
            _deposed = deposed;
            Enter(Phase.Suspended);
        }

        _watchdog.Wake();
        return deposed.Task;
    }

    /// <returns>Whether the handler has returned, and was not deposed.</returns>
    private bool EndSuspension()
    {
        lock (this)
        {
            bool isDeposed = _deposed!.Task.IsCompleted;
            _deposed = null;
            Enter(Phase.Owned);
            return !isDeposed;
        }
    }

    private void WatchHandler()
    {
        lock (this)
        {
            if (!IsBusy || _deposed is { Task.IsCompleted: true } || !_session.Watch())
            {
                return;
            }

            if (Now == Phase.Suspended)
            {
                Enter(Phase.Owned);
                _deposed!.TrySetResult();
                return;
            }

            // The handler blocks its thread. Whenever it returns, its owner sees that it is none any more.
            int owner = ++_owner;
            _input = _input.TakeOver(_resumes ? 0 : _session.DeposedAt);
            Enter(Phase.Owned);
            MilterLog.OwnerReplaced(_settings.Logger, Id);
            ThreadPool.UnsafeQueueUserWorkItem(static state => _ = state.Connection.OwnAsync(state.Owner, takesOver: true), (Connection: this, Owner: owner), preferLocal: false);
        }
    }
}
