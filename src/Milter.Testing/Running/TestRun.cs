using System.Diagnostics;
using Milter.Client;

namespace Milter.Testing;

/// <summary>One session with the filter, in the way of one MTA.</summary>
internal sealed class TestRun(EngineRoom room, MtaPersonality mta, InProcessFilter filter, TestLog log, MilterRecording recording, WireChaos? chaos)
{
    private MilterConnection? _connection;
    private IReadOnlyList<StepReply> _before = [];

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
        MilterOutcome outcome = await WatchedAsync(() => Connection.FilterAsync(message, cancellation)).ConfigureAwait(false);
        TimeSpan silence = filter.LongestSilence;
        filter.ForgetSilence();
        CheckPatience(silence);
        var result = new MilterTestRun(mta, outcome with { Steps = [.. _before, .. outcome.Steps] }, Connection.Agreement, log.Take(), silence);
        _before = [];
        return result;
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is null || chaos is { LosesQuit: true } || !_connection.IsUsable)
        {
            await filter.DisposeAsync().ConfigureAwait(false);
            return;
        }

        await _connection.QuitAsync().ConfigureAwait(false);
    }

    /// <summary>Does something with the session as an MTA may at any time, such as an ABORT.</summary>
    public Task<T> WatchedAsync<T>(Func<Task<T>> act) => WatchedAsync(act, $"As {mta}");

    private async Task<T> WatchedAsync<T>(Func<Task<T>> act, string who)
    {
        try
        {
            return await act().ConfigureAwait(false);
        }
        catch (MilterClientException exception)
        {
            string seed = room.Options.Wire is { } wire ? $"\nThe wire was simulated: {wire}" : "";
            string logged = string.Join('\n', log.Take().Select(entry => "  " + entry));
            throw new MilterAssertionException(
                $"{who}: {exception.Message}{seed}\nLast packets:\n{recording.Tail(24)}{(logged.Length > 0 ? "\nLogged:\n" + logged : "")}", exception);
        }
    }

    // Only a clock of the test's own says something about the filter; the system's says how busy the machine is.
    private void CheckPatience(TimeSpan silence)
    {
        if (room.Options.Clock is ManualClock && silence > mta.Timeouts.Content)
        {
            throw new MilterAssertionException(
                $"As {mta}: the filter was silent for {silence.TotalSeconds:0.###} s; {mta} gives up after {mta.Timeouts.Content.TotalSeconds:0.###} s, and what becomes of the message then is its configuration's word, not the filter's.");
        }
    }
}
