using Milter.Client;

namespace Milter.Testing;

/// <summary>An SMTP session of a test, in the ways of one MTA or of both, in which several messages can be sent.</summary>
public sealed class MilterTestSession : IAsyncDisposable
{
    private readonly EngineRoom _room;
    private readonly List<TestRun> _runs;

    private MilterTestSession(EngineRoom room, List<TestRun> runs)
    {
        _room = room;
        _runs = runs;
    }

    /// <summary>Gets what was negotiated.</summary>
    public MilterAgreement Agreement => _runs[0].Connection.Agreement;

    /// <summary>Sends a message, and compares what the filter made of it in the ways of both MTAs.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>What the filter made of it.</returns>
    /// <exception cref="MilterAssertionException">The filter treats the MTAs differently, or did not keep to the protocol.</exception>
    public async Task<MilterTestResult> SendAsync(TestMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        var results = new List<MilterTestRun>();
        foreach (TestRun run in _runs)
        {
            results.Add(await run.SendAsync(message.ToTransaction(), cancellationToken).ConfigureAwait(false));
        }

        return new MilterTestResult(results, _room.Options.Wire);
    }

    /// <summary>Begins a message and gives it up: the client says MAIL and RCPT, and then RSET.</summary>
    /// <param name="message">The message; its content is not sent.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>A task that ends when the filter has been told.</returns>
    public async Task GiveUpAsync(TestMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        foreach (TestRun run in _runs)
        {
            await run.WatchedAsync(async () =>
            {
                MailTransaction transaction = message.ToTransaction();
                if (!(await run.Connection.MailAsync(transaction, cancellationToken).ConfigureAwait(false)).IsRefusal)
                {
                    foreach (MailPath recipient in transaction.Recipients)
                    {
                        await run.Connection.RcptAsync(recipient, cancellationToken).ConfigureAwait(false);
                    }

                    await run.Connection.AbortAsync(cancellationToken).ConfigureAwait(false);
                }

                return 0;
            }).ConfigureAwait(false);
        }
    }

    /// <summary>Begins a message in which the MTA shuts its writing side, and the filter reads the end of the stream. The session is over then.</summary>
    /// <param name="message">The message.</param>
    /// <param name="at">Where; <see langword="null"/> for wherever the seed of <see cref="MilterTestOptions.Wire"/> says.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>Which handlers were called, how the message ended, what was logged.</returns>
    /// <exception cref="MilterAssertionException">A handler did not return though its token fired, or the filter did not keep to the protocol.</exception>
    public async Task<MilterHalfCloseResult> HalfCloseAsync(TestMessage message, HalfClose? at = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        var runs = new List<MilterHalfCloseRun>();
        foreach (TestRun run in _runs)
        {
            var place = new HalfClosing(at, _room.Options.Wire?.Seed ?? 0);
            runs.Add(await run.HalfCloseAsync(message.ToTransaction(), place, cancellationToken).ConfigureAwait(false));
        }

        return new MilterHalfCloseResult(runs, _room.Descriptor, _room.Options.Wire);
    }

    /// <summary>Sends a command that the MTA does not know.</summary>
    /// <param name="command">The line.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>What came of it, with the first of the MTAs.</returns>
    public async Task<StepReply> UnknownAsync(string command, CancellationToken cancellationToken = default)
    {
        var replies = new List<StepReply>();
        foreach (TestRun run in _runs)
        {
            replies.Add(await run.WatchedAsync(() => run.Connection.UnknownAsync(command, cancellationToken)).ConfigureAwait(false));
        }

        return replies[0];
    }

    /// <summary>Ends the session.</summary>
    /// <returns>A task that ends when the filter's last handlers have run.</returns>
    public async ValueTask DisposeAsync()
    {
        foreach (TestRun run in _runs)
        {
            await run.DisposeAsync().ConfigureAwait(false);
        }
    }

    internal static async Task<MilterTestSession> StartAsync(EngineRoom room, TestClient client, CancellationToken cancellation)
    {
        var runs = new List<TestRun>();
        foreach (MtaPersonality mta in room.Options.Personalities)
        {
            runs.Add(await room.StartAsync(mta, client, cancellation).ConfigureAwait(false));
        }

        return new MilterTestSession(room, runs);
    }
}
