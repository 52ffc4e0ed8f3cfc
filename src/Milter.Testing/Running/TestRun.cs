using System.Diagnostics;
using Milter.Client;

namespace Milter.Testing;

/// <summary>One session with the filter, in the way of one MTA.</summary>
internal sealed class TestRun(EngineRoom room, MtaPersonality mta, InProcessFilter filter, TestLog log, CallLog calls, MilterRecording recording, WireChaos? chaos)
{
    private MilterConnection? _connection;
    private IReadOnlyList<StepReply> _before = [];
    private bool _isShut;

    /// <summary>Gets how long a test hangs before it fails.</summary>
    public static TimeSpan Patience => Debugger.IsAttached ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(60);

    public MtaPersonality Mta => mta;

    public MilterConnection Connection => _connection!;

    public Task StartAsync(MilterClientOptions options, SmtpSession session, CancellationToken cancellation) => WatchedAsync(async () =>
    {
        _connection = await MilterConnection.OpenAsync(filter, options, cancellation).ConfigureAwait(false);
        StepReply connect = await _connection.ConnectAsync(session, cancellation).ConfigureAwait(false);
        StepReply helo = await _connection.HeloAsync(session.HeloName, cancellation).ConfigureAwait(false);
        _before = [connect, helo];
        return 0;
    });

    public async Task<MilterTestRun> SendAsync(MailTransaction message, CancellationToken cancellation)
    {
        CheckOpen();
        MilterOutcome outcome = await WatchedAsync(() => Connection.FilterAsync(message, cancellation)).ConfigureAwait(false);
        TimeSpan silence = filter.LongestSilence;
        filter.ForgetSilence();
        CheckPatience(silence);
        var result = new MilterTestRun(mta, outcome with { Steps = [.. _before, .. outcome.Steps] }, Connection.Agreement, log.Take(), silence, chaos?.Taken() ?? []);
        calls.TakeEnd();
        _before = [];
        return result;
    }

    /// <summary>Tells the message up to a place at which the MTA shuts its writing side.</summary>
    public async Task<MilterHalfCloseRun> HalfCloseAsync(MailTransaction message, HalfClosing place, CancellationToken cancellation)
    {
        CheckOpen();
        _isShut = true;
        calls.TakeEnd();
        filter.ShutAt(place);
        MilterOutcome? outcome = await WatchedAsync(() => TellAsync(message, cancellation)).ConfigureAwait(false);
        return new MilterHalfCloseRun(mta, place.Place, outcome, calls.TakeEnd(), calls.Called, calls.AllDisposed, log.Take()) { Ending = calls.CalledSinceEnd };
    }

    public Task DisposeAsync() => WatchedAsync(async () =>
    {
        await EndAsync().ConfigureAwait(false);
        return 0;
    });

    /// <summary>Does something with the session as an MTA may at any time, such as an ABORT.</summary>
    public Task<T> WatchedAsync<T>(Func<Task<T>> act) => WatchedAsync(act, $"As {mta}");

    private async Task<MilterOutcome?> TellAsync(MailTransaction message, CancellationToken cancellation)
    {
        MilterOutcome? outcome = null;
        try
        {
            outcome = await Connection.FilterAsync(message, cancellation).ConfigureAwait(false);
        }
        catch (MilterClientException exception) when (filter.IsShut && exception.Error == MilterClientError.Closed)
        {
            // That was to be: the filter had nothing more to say, or the MTA nothing more to say it with.
        }

        await filter.ShutAsync().ConfigureAwait(false);
        await filter.DisposeAsync().ConfigureAwait(false);
        return outcome;
    }

    private async ValueTask EndAsync()
    {
        if (_connection is null || _isShut || chaos is { LosesQuit: true } || !_connection.IsUsable)
        {
            await filter.DisposeAsync().ConfigureAwait(false);
            return;
        }

        await _connection.QuitAsync().ConfigureAwait(false);
    }

    private async Task<T> WatchedAsync<T>(Func<Task<T>> act, string who)
    {
        try
        {
            return await act().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is MilterClientException or MilterAssertionException)
        {
            string logged = string.Join('\n', log.Take().Select(entry => "  " + entry));
            throw new MilterAssertionException(
                $"{who}: {exception.Message}\nLast packets:\n{recording.Tail(24)}{(logged.Length > 0 ? "\nLogged:\n" + logged : "")}\n{WireSimulation.Advice(room.Options.Wire)}", exception);
        }
    }

    private void CheckOpen()
    {
        if (_isShut)
        {
            throw new InvalidOperationException("The MTA has shut its writing side: this session is at its end. Start another.");
        }
    }

    // Only a clock of the test's own says something about the filter; the system's says how busy the machine is.
    private void CheckPatience(TimeSpan silence)
    {
        if (room.Options.Clock is ManualClock && silence > mta.Timeouts.Content)
        {
            throw new MilterAssertionException(
                $"As {mta}: the filter was silent for {silence.TotalSeconds:0.###} s; {mta} gives up after {mta.Timeouts.Content.TotalSeconds:0.###} s, and what becomes of the message then is its configuration's word, not the filter's.\n{WireSimulation.Advice(room.Options.Wire)}");
        }
    }
}
