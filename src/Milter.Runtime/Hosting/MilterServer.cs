using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Milter.CompilerServices;
using Milter.Hosting;
using Milter.Transport;

namespace Milter;

/// <summary>Runs a milter without a host: the whole program in a line, or a server within a test or a larger program.</summary>
/// <remarks>For configuration, several milters, dependency injection and the platform's logging, use <c>services.AddMilter&lt;T&gt;()</c> in a host.</remarks>
/// <example>
/// <code>await MilterServer.RunAsync&lt;ExternalTagger&gt;("inet:9199@localhost");</code>
/// </example>
public sealed class MilterServer : IAsyncDisposable
{
    private readonly MilterEngine _engine;
    private readonly EngineSettings _settings;

    private MilterServer(MilterEngine engine, EngineSettings settings)
    {
        _engine = engine;
        _settings = settings;
    }

    /// <summary>Gets where the server listens, with the real port where 0 was asked for.</summary>
    public MilterEndPoint EndPoint => _engine.EndPoint;

    /// <summary>Gets how the server is doing.</summary>
    public MilterHealth Health => _settings.Health;

    /// <summary>Runs a milter until the process is told to stop: SIGTERM, SIGINT (Ctrl+C), SIGQUIT or, as with libmilter, SIGHUP. A second signal ends the draining.</summary>
    /// <remarks>
    /// This is the whole program: it handles the process's signals and logs to the standard error stream, from Information on. An endpoint that is
    /// written wrong or can't be opened, and a service that is missing, is told there in a line, and the process's exit code becomes 78 (<c>EX_CONFIG</c>): a service manager need not try again.
    /// </remarks>
    /// <typeparam name="T">The <see cref="MilterAttribute"/> class, made once for each connection of an MTA.</typeparam>
    /// <param name="endPoint">Where to listen, in a spelling of <see cref="MilterEndPoint"/>.</param>
    /// <param name="services">Where the constructor's parameters come from. An <c>ILoggerFactory</c> among them takes the log. <see langword="null"/> for a class that needs none.</param>
    /// <param name="cancellationToken">Stops the server as a signal does.</param>
    /// <returns>A task that completes when the server has stopped.</returns>
    /// <exception cref="InvalidOperationException">The class was compiled with another version of the package.</exception>
    public static Task RunAsync<T>(string endPoint, IServiceProvider? services = null, CancellationToken cancellationToken = default)
        where T : class, IMilter<T> => RunAsync(endPoint, services, static scope => T.Create(scope), EngineFactory.Describe<T>(), T.Services, cancellationToken);

    /// <summary>Runs a milter that is made by <paramref name="create"/>, until the process is told to stop.</summary>
    /// <inheritdoc cref="RunAsync{T}(string, IServiceProvider?, CancellationToken)" path="/remarks"/>
    /// <inheritdoc cref="RunAsync{T}(string, IServiceProvider?, CancellationToken)" path="/returns"/>
    /// <inheritdoc cref="RunAsync{T}(string, IServiceProvider?, CancellationToken)" path="/exception"/>
    /// <typeparam name="T">The <see cref="MilterAttribute"/> class.</typeparam>
    /// <param name="endPoint">Where to listen, in a spelling of <see cref="MilterEndPoint"/>.</param>
    /// <param name="create">Makes an instance; called once for each connection of an MTA, from any thread. The instance is disposed of at the connection's end.</param>
    /// <param name="cancellationToken">Stops the server as a signal does.</param>
    public static Task RunAsync<T>(string endPoint, Func<T> create, CancellationToken cancellationToken = default)
        where T : class, IMilter<T>
    {
        ArgumentNullException.ThrowIfNull(create);
        return RunAsync(endPoint, null, _ => create(), EngineFactory.Describe<T>(), OfHandlers(T.Services), cancellationToken);
    }

    /// <summary>Starts a milter that goes on until <see cref="StopAsync"/>. No signals are handled; the log goes where <paramref name="services"/> says, or nowhere.</summary>
    /// <typeparam name="T">The <see cref="MilterAttribute"/> class, made once for each connection of an MTA.</typeparam>
    /// <param name="endPoint">Where to listen, in a spelling of <see cref="MilterEndPoint"/>. Port 0 takes any free one: see <see cref="EndPoint"/>.</param>
    /// <param name="configure">Sets options; <see langword="null"/> for the defaults. The endpoint is set already.</param>
    /// <param name="services">Where the constructor's parameters come from, and an <c>ILoggerFactory</c> and a <see cref="TimeProvider"/> if there.</param>
    /// <param name="cancellationToken">Gives the start up.</param>
    /// <returns>The server, which takes connections already. Dispose of it to stop it at once.</returns>
    /// <exception cref="MilterEndPointException">The endpoint is written in no known spelling.</exception>
    /// <exception cref="MilterListenException">The endpoint can't be opened.</exception>
    /// <exception cref="ArgumentException">An option is out of its range; the message has them all.</exception>
    /// <exception cref="MilterServiceException">A parameter of the constructor or of a handler is no service that <paramref name="services"/> has.</exception>
    /// <exception cref="InvalidOperationException">The class was compiled with another version of the package.</exception>
    public static Task<MilterServer> StartAsync<T>(
        string endPoint, Action<MilterOptions>? configure = null, IServiceProvider? services = null, CancellationToken cancellationToken = default)
        where T : class, IMilter<T> =>
        StartAsync(endPoint, static scope => T.Create(scope), EngineFactory.Describe<T>(), T.Services, configure, services, NullLoggerFactory.Instance, cancellationToken);

    /// <summary>Starts a milter that is made by <paramref name="create"/>.</summary>
    /// <inheritdoc cref="StartAsync{T}(string, Action{MilterOptions}?, IServiceProvider?, CancellationToken)"/>
    /// <param name="endPoint">Where to listen, in a spelling of <see cref="MilterEndPoint"/>. Port 0 takes any free one: see <see cref="EndPoint"/>.</param>
    /// <param name="create">Makes an instance; called once for each connection of an MTA, from any thread. The instance is disposed of at the connection's end.</param>
    /// <param name="configure">Sets options; <see langword="null"/> for the defaults. The endpoint is set already.</param>
    /// <param name="services">An <c>ILoggerFactory</c> and a <see cref="TimeProvider"/> if there, and what handlers ask for.</param>
    /// <param name="cancellationToken">Gives the start up.</param>
    public static Task<MilterServer> StartAsync<T>(
        string endPoint, Func<T> create, Action<MilterOptions>? configure = null, IServiceProvider? services = null, CancellationToken cancellationToken = default)
        where T : class, IMilter<T>
    {
        ArgumentNullException.ThrowIfNull(create);
        return StartAsync(endPoint, _ => create(), EngineFactory.Describe<T>(), OfHandlers(T.Services), configure, services, NullLoggerFactory.Instance, cancellationToken);
    }

    /// <summary>Changes options while the server runs: connections from now on have them, those that are open go on with theirs.</summary>
    /// <remarks>Options that take a restart stay as they are; one warning names those that changed. Any thread may call it.</remarks>
    /// <param name="configure">Sets options; what it leaves alone stays as it is.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message has them all, and all stay as they are.</exception>
    /// <exception cref="MilterListenException">A file of <see cref="MilterTlsExtensions.UseTls"/> can't be used; all stays as it is.</exception>
    public void Reload(Action<MilterOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        MilterOptions next = _engine.Options.Clone();
        configure(next);
        Check(next, nameof(configure));
        next.GetSecurity()?.Load();
        EngineFactory.Reload(_engine, _settings, next, _settings.Session.Services);
    }

    /// <summary>Stops taking connections, lets sessions end for <see cref="MilterOptions.DrainTimeout"/>, and ends what is left.</summary>
    /// <param name="force">Ends the draining at once.</param>
    /// <returns>A task that completes when the server has stopped.</returns>
    public Task StopAsync(CancellationToken force = default) => _engine.StopAsync(force);

    /// <summary>Stops without waiting for sessions to end by themselves.</summary>
    /// <returns>A task that completes when the server has stopped.</returns>
    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    // Who makes the instance has what its constructor takes.
    private static IEnumerable<MilterService> OfHandlers(IEnumerable<MilterService> services) => services.Where(static service => service.IsForHandler);

    private static async Task RunAsync(
        string endPoint,
        IServiceProvider? services,
        Func<IServiceProvider, IMilterDispatcher> create,
        MilterDescriptor descriptor,
        IEnumerable<MilterService> needed,
        CancellationToken cancellationToken)
    {
        await ServerTap.OfferAsync(descriptor, create, services).ConfigureAwait(false);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var force = new CancellationTokenSource();
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using PosixSignalRegistration quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, OnSignal);
        using PosixSignalRegistration hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal);
        MilterServer server;
        try
        {
            server = await StartAsync(endPoint, create, descriptor, needed, null, services, ConsoleLogging.Default, stop.Token, ServiceManager.Current).ConfigureAwait(false);
        }
        catch (Exception e) when (StartFailure.Describe(e) is { } reason)
        {
            StartFailure.Tell(reason);
            return;
        }

        await using ConfiguredAsyncDisposable disposal = server.ConfigureAwait(false);
        using IDisposable? reports = ServiceManager.Current?.Ready(server.Health.ToStatus);
        await Task.Delay(Timeout.InfiniteTimeSpan, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ServiceManager.Current?.Stopping();
        await server.StopAsync(force.Token).ConfigureAwait(false);

        void OnSignal(PosixSignalContext context)
        {
            context.Cancel = true;
            (stop.IsCancellationRequested ? force : stop).Cancel();
        }
    }

    private static async Task<MilterServer> StartAsync(
        string endPoint,
        Func<IServiceProvider, IMilterDispatcher> create,
        MilterDescriptor descriptor,
        IEnumerable<MilterService> needed,
        Action<MilterOptions>? configure,
        IServiceProvider? services,
        ILoggerFactory defaultLoggers,
        CancellationToken cancellationToken,
        ServiceManager? manager = null)
    {
        await ServerTap.OfferAsync(descriptor, create, services).ConfigureAwait(false);
        var options = new MilterOptions { Listen = MilterEndPoint.Parse(endPoint).ToString() };
        configure?.Invoke(options);
        Check(options, nameof(configure));
        ILoggerFactory loggers = services?.GetService(typeof(ILoggerFactory)) as ILoggerFactory ?? defaultLoggers;
        TimeProvider time = services?.GetService(typeof(TimeProvider)) as TimeProvider ?? TimeProvider.System;
        services ??= new NoServices(loggers);
        ServiceCheck.Check(descriptor.Name, needed, services);
        var health = new MilterHealth(descriptor.Name);
        EngineSettings settings = EngineFactory.Make(
            descriptor, options, create, services, time, loggers.CreateLogger($"Milter.{descriptor.Name}"), health, heartbeat: manager?.NewHeartbeat());
        return new MilterServer(await MilterEngine.StartAsync(settings, cancellationToken).ConfigureAwait(false), settings);
    }

    private static void Check(MilterOptions options, string parameter)
    {
        List<string> complaints = ValidateMilterOptions.Check(options, static option => $"{nameof(MilterOptions)}.{option}");
        if (complaints.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", complaints), parameter);
        }
    }
}
