using Milter.CompilerServices;
using Milter.Hosting;

namespace Milter.Testing;

/// <summary>Runs a filter in process, on the engine that runs it in production, and sends it messages in the ways of Postfix and Sendmail.</summary>
/// <typeparam name="T">The <see cref="MilterAttribute"/> class. One instance is made for each session and MTA, as in production.</typeparam>
public sealed class MilterTestHost<T> : IAsyncDisposable
    where T : class, IMilter<T>
{
    private readonly EngineRoom _room;

    /// <summary>Makes a host for a filter that needs no services but a log and a clock (<c>ILogger&lt;T&gt;</c> of its class, <c>ILoggerFactory</c>, <see cref="TimeProvider"/>).</summary>
    /// <param name="options">How to test; <see langword="null"/> for the defaults.</param>
    public MilterTestHost(MilterTestOptions? options = null) => _room = Room(static services => T.Create(services), null, options);

    /// <summary>Makes a host for a filter made by <paramref name="create"/>.</summary>
    /// <param name="create">Makes an instance; called once for each session and MTA.</param>
    /// <param name="options">How to test; <see langword="null"/> for the defaults.</param>
    public MilterTestHost(Func<T> create, MilterTestOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(create);
        _room = Room(_ => create(), null, options);
    }

    /// <summary>Makes a host for a filter made by <paramref name="create"/> of services, such as its log: <c>services =&gt; new T(services.GetRequiredService&lt;ILogger&lt;T&gt;&gt;(), list)</c>.</summary>
    /// <param name="create">Makes an instance; called once for each session and MTA, with services that live as long.</param>
    /// <param name="services">The services; <see langword="null"/> for a log and a clock and nothing else.</param>
    /// <param name="options">How to test; <see langword="null"/> for the defaults.</param>
    public MilterTestHost(Func<IServiceProvider, T> create, IServiceProvider? services = null, MilterTestOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(create);
        _room = Room(scope => create(scope), services, options);
    }

    /// <summary>Makes a host for a filter whose constructor, and whose handlers' <c>[FromServices]</c>, take services.</summary>
    /// <param name="services">The services, with scopes if it is a container. What the filter logs goes where they send it and into the result.</param>
    /// <param name="options">How to test; <see langword="null"/> for the defaults.</param>
    public MilterTestHost(IServiceProvider services, MilterTestOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        _room = Room(static scope => T.Create(scope), services, options);
    }

    /// <summary>Gets what was derived from the class: waits a message, negotiated steps, macros, and who asked for them.</summary>
    public MilterDescriptor Descriptor => _room.Descriptor;

    /// <summary>Sends a message in a session of its own.</summary>
    /// <param name="message">The message.</param>
    /// <param name="client">Who sends it; <see langword="null"/> for <see cref="TestClient.Default"/>.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>What the filter made of it.</returns>
    /// <exception cref="MilterAssertionException">The filter treats the MTAs differently, or did not keep to the protocol.</exception>
    public async Task<MilterTestResult> SendAsync(TestMessage message, TestClient? client = null, CancellationToken cancellationToken = default)
    {
        MilterTestSession session = await StartSessionAsync(client, cancellationToken).ConfigureAwait(false);
        try
        {
            return await session.SendAsync(message, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Begins a session for several messages.</summary>
    /// <param name="client">Who sends them; <see langword="null"/> for <see cref="TestClient.Default"/>.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>The session. Dispose of it to end it.</returns>
    public Task<MilterTestSession> StartSessionAsync(TestClient? client = null, CancellationToken cancellationToken = default) =>
        MilterTestSession.StartAsync(_room, client ?? TestClient.Default, cancellationToken);

    /// <summary>Begins a message in a session of its own, in which the MTA shuts its writing side: it dies, or gives the filter up, and the filter reads the end of the stream.</summary>
    /// <param name="message">The message.</param>
    /// <param name="at">Where; <see langword="null"/> for wherever the seed of <see cref="MilterTestOptions.Wire"/> says.</param>
    /// <param name="client">Who sends it; <see langword="null"/> for <see cref="TestClient.Default"/>.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>Which handlers were called, how the message ended, what was logged.</returns>
    /// <exception cref="MilterAssertionException">A handler did not return though its token fired, or the filter did not keep to the protocol.</exception>
    public async Task<MilterHalfCloseResult> HalfCloseAsync(TestMessage message, HalfClose? at = null, TestClient? client = null, CancellationToken cancellationToken = default)
    {
        MilterTestSession session = await StartSessionAsync(client, cancellationToken).ConfigureAwait(false);
        try
        {
            return await session.HalfCloseAsync(message, at, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Tells the filter again what a recorded MTA has told one, and compares its answers with the recorded ones.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>What was different.</returns>
    public Task<ReplayResult> ReplayAsync(MilterRecording recording, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recording);
        return InProcessReplay.RunAsync(_room, recording, cancellationToken);
    }

    /// <summary>Does nothing: each session is ended by itself. There for <c>await using</c>, and for what a host may hold one day.</summary>
    /// <returns>A completed task.</returns>
    public ValueTask DisposeAsync() => default;

    private static EngineRoom Room(Func<IServiceProvider, IMilterDispatcher> create, IServiceProvider? services, MilterTestOptions? options)
    {
        options ??= new MilterTestOptions();
        return options.Personalities.Count > 0
            ? new EngineRoom(EngineFactory.Describe<T>(), create, services, options, OwnLog.Of<T>())
            : throw new ArgumentException("There has to be at least one MTA.", nameof(options));
    }
}
