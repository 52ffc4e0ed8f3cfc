using System.Net;
using System.Net.Sockets;
using Milter.Protocol;

namespace Milter.Client;

/// <summary>A connection of an MTA to a filter: one SMTP session, step by step.</summary>
/// <remarks>
/// <para>Call the methods as the SMTP session goes: <see cref="ConnectAsync"/>, <see cref="HeloAsync"/>, for each message <see cref="MailAsync"/>,
/// <see cref="RcptAsync"/>, <see cref="DataAsync"/> and <see cref="FilterContentAsync"/>, at its end <see cref="QuitAsync"/>. Every step may be called: what the
/// filter does not want is not sent, and what it need not answer is not waited for.</para>
/// <para>After a <see cref="MilterClientException"/> or a cancellation the connection can't be used any more. One step at a time: a step that is begun before another has ended throws
/// <see cref="InvalidOperationException"/> and changes nothing.</para>
/// </remarks>
public sealed partial class MilterConnection : IAsyncDisposable
{
    private readonly FilterChannel _channel;
    private readonly MilterClientOptions _options;
    private readonly MtaPersonality _mta;
    private readonly List<KeyValuePair<string, string>> _macros = [];
    private bool _isBroken;
    private bool _isClosed;

    // The command that waits for the filter; 0 for none.
    private int _atWork;

    private MilterConnection(FilterChannel channel, MilterClientOptions options, MilterAgreement agreement)
    {
        _channel = channel;
        _options = options;
        _mta = options.Personality;
        Agreement = agreement;
    }

    /// <summary>Gets what was agreed on.</summary>
    public MilterAgreement Agreement { get; }

    /// <summary>Gets what the filter has done in this session that it should not have, in words, without being a reason to end the connection.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>Gets a value indicating whether steps can be sent.</summary>
    public bool IsUsable => !_isBroken && !_isClosed;

    /// <summary>Connects to a filter and negotiates.</summary>
    /// <param name="endPoint">Where it listens, in a spelling of <see cref="MilterEndPoint"/>: <c>inet:port@host</c>, <c>inet:host:port</c>, <c>inet6:port@host</c>, <c>unix:/path</c>.</param>
    /// <param name="options">How to speak to it; <see langword="null"/> for Postfix's ways.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="MilterEndPointException">The endpoint is written in no known spelling, or is nothing to connect to; the message says how to write it.</exception>
    /// <exception cref="MilterClientException">Nobody listens there, or it is no filter, or it asks for what is not offered.</exception>
    public static async Task<MilterConnection> OpenAsync(string endPoint, MilterClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new MilterClientOptions();
        Stream stream = await DialAsync(endPoint, options, cancellationToken).ConfigureAwait(false);
        return await OpenAsync(stream, options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Negotiates with a filter over a stream that is open already: TLS, a pipe, a test's own.</summary>
    /// <param name="stream">The stream; the connection closes it.</param>
    /// <param name="options">How to speak to it; <see langword="null"/> for Postfix's ways.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="MilterClientException">It is no filter, or it asks for what is not offered.</exception>
    public static async Task<MilterConnection> OpenAsync(Stream stream, MilterClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        options ??= new MilterClientOptions();
        var channel = new FilterChannel(stream, options);
        try
        {
            CommandWriter.OptNeg(channel.Output, options.Version, options.Actions, options.OfferedSteps);
            await channel.FlushAsync(MilterCommand.OptNeg, options.Patience.Command, cancellationToken).ConfigureAwait(false);
            FilterPacket answer = await channel.ReadAsync(MilterCommand.OptNeg, options.Patience.Command, cancellationToken).ConfigureAwait(false);
            return answer.Reply == MilterReply.OptNeg
                ? new MilterConnection(channel, options, MilterAgreement.Read(answer.Payload.Span, options))
                : throw new MilterClientException(MilterClientError.Protocol, MilterCommand.OptNeg, $"The filter answered the negotiation with '{(char)answer.Reply}'.", received: answer.ToBytes());
        }
        catch
        {
            await channel.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Ends the session: QUIT, in the way of the MTA, and closes the connection.</summary>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>A task that ends when the connection is closed.</returns>
    /// <exception cref="InvalidOperationException">A step is still at work; <see cref="DisposeAsync"/> ends it.</exception>
    public async Task QuitAsync(CancellationToken cancellationToken = default)
    {
        if (IsUsable)
        {
            CheckUsable();
            if (_phase > Phase.Session)
            {
                EndMessage(AbortReason.Left);
            }

            // After a refused connection Postfix just closes.
            bool isAsked = _sessionEnd is null;
            if (isAsked && _session is { } session && _mta.SendsAbort(AbortReason.Quit, isOpen: false, Agreement, session.Origin))
            {
                CommandWriter.Abort(_channel.Output);
            }

            if (isAsked || _mta == MtaPersonality.Sendmail)
            {
                CommandWriter.Quit(_channel.Output);
            }

            await FlushAsync(MilterCommand.Quit, cancellationToken).ConfigureAwait(false);
        }

        await CloseAsync().ConfigureAwait(false);
    }

    /// <summary>Ends the SMTP session and keeps the connection for another: QUIT_NC. Call <see cref="ConnectAsync"/> next.</summary>
    /// <remarks>
    /// Neither Postfix nor Sendmail does that; libmilter understands it only right after EOM was answered with Continue: see <see cref="CanRenew"/>. Otherwise it drops the CONNECT that follows,
    /// without an answer, and where its reply is waived the next client is judged as the last one. So this throws there; <see cref="QuitAsync"/> and a new connection always work.
    /// </remarks>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>A task that ends when it is sent.</returns>
    /// <exception cref="InvalidOperationException"><see cref="CanRenew"/> is false: the last message did not end with CONTINUE, a message is open, or the agreed version does not have it.</exception>
    public async Task RenewAsync(CancellationToken cancellationToken = default)
    {
        CheckUsable();
        if (!CanRenew)
        {
            string why = Agreement.Version < 6 ? $"QUIT_NC needs version 6 of the protocol, and the filter speaks {Agreement.Version}"
                : _phase > Phase.Session ? "a message is open: end it first, with EndOfMessageAsync"
                : "filters on libmilter take QUIT_NC only right after a message whose end they answered with CONTINUE";
            throw new InvalidOperationException($"The connection can't be kept for another session: {why}. QuitAsync and a new connection always work.");
        }

        // libmilter takes QUIT_NC after EOM, not after the ABORT that Postfix would send now.
        _channel.Output.Clear();
        CommandWriter.QuitNewConnection(_channel.Output);
        await FlushAsync(MilterCommand.QuitNewConnection, cancellationToken).ConfigureAwait(false);
        ForgetSession();
    }

    /// <summary>Gets a value indicating whether every known filter library would understand <see cref="RenewAsync"/> now.</summary>
    public bool CanRenew => IsUsable && Agreement.Version >= 6 && _phase == Phase.Session && _endedByContinue && _sessionEnd is null;

    /// <summary>Closes the connection. Without <see cref="QuitAsync"/> before it, the filter sees that the MTA is lost.</summary>
    /// <returns>A task that ends when it is closed.</returns>
    public async ValueTask DisposeAsync() => await CloseAsync().ConfigureAwait(false);

    private static async Task<Stream> DialAsync(string endPoint, MilterClientOptions options, CancellationToken cancellation)
    {
        EndPoint target = MilterEndPoint.Parse(endPoint).ToConnectAddress();
        using var timeout = new CancellationTokenSource(options.Patience.Connect, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            return new NetworkStream(await Dialing.ConnectAsync(target, either.Token).ConfigureAwait(false), ownsSocket: true);
        }
        catch (Exception exception)
        {
            throw exception switch
            {
                OperationCanceledException when cancellation.IsCancellationRequested => exception,
                OperationCanceledException => new MilterClientException(MilterClientError.Refused, null, $"The filter at {endPoint} can't be reached within {options.Patience.Connect.TotalSeconds:0.###} s.", exception),
                SocketException socket => new MilterClientException(MilterClientError.Refused, null, $"The filter at {endPoint} can't be reached: {Dialing.Reason(target, socket)}", exception),
                _ => exception,
            };
        }
    }

    private async Task CloseAsync()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            await _channel.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task FlushAsync(MilterCommand step, CancellationToken cancellation)
    {
        Begin(step);
        try
        {
            await FlushAtWorkAsync(step, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _atWork = 0;
        }
    }

    private async Task FlushAtWorkAsync(MilterCommand step, CancellationToken cancellation)
    {
        try
        {
            await _channel.FlushAsync(step, _options.Patience.Command, cancellation).ConfigureAwait(false);
        }
        catch
        {
            _isBroken = true;
            throw;
        }
    }

    private void Begin(MilterCommand step)
    {
        if (Interlocked.CompareExchange(ref _atWork, (int)step, 0) is not 0 and var other)
        {
            throw StillAtWork((MilterCommand)other);
        }
    }

    private static InvalidOperationException StillAtWork(MilterCommand step) =>
        new($"{StepTable.NameOf(step)} is still at work on this connection, which does one step at a time: await it first. Messages that go at the same time need a connection each, as MilterClient has.");

    private void CheckUsable()
    {
        if (Volatile.Read(ref _atWork) is not 0 and var step)
        {
            throw StillAtWork((MilterCommand)step);
        }

        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (_isBroken)
        {
            throw new InvalidOperationException("The connection to the filter is broken since an earlier step failed. Open a new one.");
        }
    }
}
