using Milter.Client;
using Milter.CompilerServices;
using Milter.Hosting;
using Milter.Session;
using Milter.Transport;

namespace Milter.Testing;

/// <summary>What all sessions of a test have in common: the filter, its services, its options.</summary>
internal sealed class EngineRoom(MilterDescriptor descriptor, Func<IServiceProvider, IMilterDispatcher> create, IServiceProvider? services, MilterTestOptions options, OwnLog? ownLog = null)
{
    private int _sessions;

    public MilterTestOptions Options => options;

    public MilterDescriptor Descriptor => descriptor;

    /// <summary>Makes a filter for one connection.</summary>
    public InProcessFilter NewFilter(TestLog log, WireChaos? chaos, CallLog? calls = null)
    {
        var milterOptions = new MilterOptions { Listen = "inet:0@127.0.0.1" };
        options.Configure?.Invoke(milterOptions);
        List<string> complaints = ValidateMilterOptions.Check(milterOptions, static option => $"{nameof(MilterOptions)}.{option}");
        if (complaints.Count > 0)
        {
            throw new InvalidOperationException(string.Join(" ", complaints));
        }

        CallLog noted = calls ?? new CallLog();
        EngineSettings settings = EngineFactory.Make(
            descriptor, milterOptions, scope => new WatchedFilter(create(scope), noted), Services(log), options.Clock, log, new MilterHealth(descriptor.Name));
        return new InProcessFilter(settings.Session with { Observer = noted }, $"test{Interlocked.Increment(ref _sessions)}", chaos);
    }

    private IServiceProvider Services(TestLog log) =>
        services is null ? new TestServices(log, options.Clock, ownLog) : new LoggedServices(services, log, options.Clock, ownLog);

    public async Task<TestRun> StartAsync(MtaPersonality mta, TestClient client, CancellationToken cancellation)
    {
        var log = new TestLog();
        WireChaos? chaos = options.Wire is { } wire ? new WireChaos(wire.Seed) : null;
        var calls = new CallLog();
        InProcessFilter filter = NewFilter(log, chaos, calls);
        var recording = new MilterRecording();
        var clientOptions = new MilterClientOptions
        {
            Personality = mta,
            Version = options.Version,
            Actions = options.Actions,
            Steps = options.Steps,
            // Real time, to end a test that hangs. The MTA's own patience is held against the test's clock afterwards.
            Timeouts = new MilterTimeouts(TestRun.Patience, TestRun.Patience, TestRun.Patience, Timeout.InfiniteTimeSpan),
            Trace = recording.Add,
        };
        var run = new TestRun(this, mta, filter, log, calls, recording, chaos);
        await run.StartAsync(clientOptions, client.ToSession(), cancellation).ConfigureAwait(false);
        return run;
    }
}
