namespace Milter.Client;

/// <summary>Consults a filter about whole messages, over connections that it opens and keeps as it needs them. For several threads at once.</summary>
/// <remarks>For a server that asks at each SMTP command, see <see cref="MilterConnection"/>.</remarks>
public sealed class MilterClient : IAsyncDisposable
{
    private readonly Stack<MilterConnection> _idle = new();
    private readonly MilterClientOptions _options;
    private readonly int _keep;
    private bool _isDisposed;

    /// <summary>Makes a client. Nothing is opened yet.</summary>
    /// <param name="endPoint">Where the filter listens, in a spelling of <see cref="MilterEndPoint"/>: <c>inet:port@host</c>, <c>inet:host:port</c>, <c>unix:/path</c>.</param>
    /// <param name="options">How to speak to it; <see langword="null"/> for Postfix's ways.</param>
    /// <param name="keepConnections">
    /// How many connections to keep for later sessions, by QUIT_NC. 0, the default, opens one a session as MTAs do. Every filter on libmilter or
    /// AttrMilter takes it; other libraries may not.
    /// </param>
    /// <exception cref="MilterEndPointException">The endpoint is written in no known spelling, or is nothing to connect to; the message says how to write it.</exception>
    public MilterClient(string endPoint, MilterClientOptions? options = null, int keepConnections = 0)
    {
        MilterEndPoint.Parse(endPoint).ToConnectAddress();
        ArgumentOutOfRangeException.ThrowIfNegative(keepConnections);
        EndPoint = endPoint;
        _options = options ?? new MilterClientOptions();
        _keep = keepConnections;
    }

    /// <summary>Gets where the filter listens.</summary>
    public string EndPoint { get; }

    /// <summary>Tells a session with one message: CONNECT, HELO, the message, QUIT.</summary>
    /// <param name="session">The session.</param>
    /// <param name="message">The message. It is left as it is.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>What the filter made of it. <see cref="MilterOutcome.Steps"/> has CONNECT and HELO, too.</returns>
    /// <exception cref="MilterClientException">The filter can't be consulted.</exception>
    public async Task<MilterOutcome> FilterAsync(SmtpSession session, MailTransaction message, CancellationToken cancellationToken = default) =>
        (await FilterAsync(session, [message], cancellationToken).ConfigureAwait(false))[0];

    /// <summary>Tells a session with several messages.</summary>
    /// <param name="session">The session.</param>
    /// <param name="messages">The messages in their order.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>What the filter made of each.</returns>
    /// <exception cref="MilterClientException">The filter can't be consulted.</exception>
    public async Task<IReadOnlyList<MilterOutcome>> FilterAsync(SmtpSession session, IEnumerable<MailTransaction> messages, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(messages);
        MailTransaction[] all = [.. messages];
        if (TryTakeKept() is { } kept)
        {
            try
            {
                return await FilterAsync(kept, session, all, cancellationToken).ConfigureAwait(false);
            }
            catch (MilterClientException exception) when (exception.Error == MilterClientError.Closed)
            {
                // It was closed while nobody needed it. What the filter was told in vain has no effect: no verdict was acted on.
            }
        }

        MilterConnection connection = await MilterConnection.OpenAsync(EndPoint, _options, cancellationToken).ConfigureAwait(false);
        return await FilterAsync(connection, session, all, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the connections that are kept.</summary>
    /// <returns>A task that ends when they are closed.</returns>
    public async ValueTask DisposeAsync()
    {
        MilterConnection[] connections;
        lock (_idle)
        {
            _isDisposed = true;
            connections = [.. _idle];
            _idle.Clear();
        }

        foreach (MilterConnection connection in connections)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<IReadOnlyList<MilterOutcome>> FilterAsync(MilterConnection connection, SmtpSession session, MailTransaction[] messages, CancellationToken cancellationToken)
    {
        try
        {
            StepReply connect = await connection.ConnectAsync(session, cancellationToken).ConfigureAwait(false);
            StepReply helo = await connection.HeloAsync(session.HeloName, cancellationToken).ConfigureAwait(false);
            var outcomes = new List<MilterOutcome>();
            foreach (MailTransaction message in messages)
            {
                MilterOutcome outcome = await connection.FilterAsync(message, cancellationToken).ConfigureAwait(false);
                outcomes.Add(outcomes.Count == 0 ? outcome with { Steps = [connect, helo, .. outcome.Steps] } : outcome);
            }

            await GiveBackAsync(connection, cancellationToken).ConfigureAwait(false);
            return outcomes;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private MilterConnection? TryTakeKept()
    {
        lock (_idle)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _idle.TryPop(out MilterConnection? kept) ? kept : null;
        }
    }

    private async Task GiveBackAsync(MilterConnection connection, CancellationToken cancellation)
    {
        if (_keep > 0 && connection.CanRenew)
        {
            await connection.RenewAsync(cancellation).ConfigureAwait(false);
            lock (_idle)
            {
                if (!_isDisposed && _idle.Count < _keep)
                {
                    _idle.Push(connection);
                    return;
                }
            }
        }

        await connection.QuitAsync(cancellation).ConfigureAwait(false);
    }
}
