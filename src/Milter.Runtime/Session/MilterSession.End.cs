using Milter.CompilerServices;

namespace Milter.Session;

/// <content>The end of a session: QUIT_NC, QUIT or a lost connection; what ends with it.</content>
internal sealed partial class MilterSession
{
    private bool _ended;

    private SessionStatus EndSession()
    {
        if (Busy)
        {
            AbandonInstance(_orphan);
            return SessionStatus.NeedMore;
        }

        _after = After.Nothing;
        HandlerRun run = _run;
        return Continue(run, EndSessionAsync(MessageOutcome.Aborted), After.Nothing);
    }

    // QUIT_NC, or the end of the connection. False: taken over by the watchdog.
    private async ValueTask<bool> EndSessionAsync(MessageOutcome outcome)
    {
        if (!await SettleAsync().ConfigureAwait(false))
        {
            return false;
        }

        if (_message is MessagePhase.Open or MessagePhase.RefusedAtData)
        {
            MessageOutcome how = _message == MessagePhase.RefusedAtData ? MessageOutcome.Refused : outcome;
            _message = MessagePhase.None;
            if (!await EndMessageAsync(how).ConfigureAwait(false))
            {
                return false;
            }
        }

        if (_instance.Existing is not null && !await RunQuietlyAsync(MilterStages.Close).ConfigureAwait(false))
        {
            return false;
        }

        await DisposeInstanceAsync(_instance).ConfigureAwait(false);
        ForgetSession();
        return true;
    }

    private void ForgetSession()
    {
        _message = MessagePhase.None;
        _connected = false;
        _sessionVerdict = default;
        _pendingOfSession = default;
        _facts.EndSession();
    }

    /// <summary>Ends the session: the message that is open, the filter instance, its services. The owner calls it once, after the last frame.</summary>
    /// <param name="connectionLost">Whether the MTA went without QUIT.</param>
    /// <returns>A task that ends when handlers that had returned in time are done; one whose time was up ends the rest by itself, later.</returns>
    public async ValueTask EndAsync(bool connectionLost)
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        _closed = true;
        if (Busy)
        {
            _ = EndLaterAsync();
            return;
        }

        await EndSessionAsync(connectionLost ? MessageOutcome.ConnectionLost : MessageOutcome.Aborted).ConfigureAwait(false);
        Release();
    }

    private async Task EndLaterAsync()
    {
        await _orphan.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await EndSessionAsync(MessageOutcome.ConnectionLost).ConfigureAwait(false);
        Release();
    }

    private void Release()
    {
        _messageState?.Dispose();
        Plan.Dispose();
        Output.Dispose();
    }

    private async ValueTask DisposeInstanceAsync(FilterInstance instance)
    {
        try
        {
            await instance.EndSessionAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // A filter that can't be disposed of is the user's fault, and no reason to lose the process.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            SessionLog.DisposeFailed(_settings.Logger, exception, ConnectionId, null);
        }
    }
}
