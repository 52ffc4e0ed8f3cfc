using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Milter.Policy.Tests;

/// <summary>Policies on a store, with a clock that is moved by hand and a log that is kept.</summary>
internal sealed class PolicyBench : ILogger<PolicyStoreAccess>
{
    private readonly ConcurrentQueue<string> _log = new();

    public PolicyBench(IPolicyStore? store = null, PolicyOptions? options = null)
    {
        Store = store ?? new MemoryPolicyStore(Clock);
        Access = new PolicyStoreAccess(Store, Options.Create(options ?? new PolicyOptions()), this, Clock);
    }

    public HandClock Clock { get; } = new();

    public IPolicyStore Store { get; }

    public PolicyStoreAccess Access { get; }

    public IReadOnlyCollection<string> Log => _log;

    public Greylist Greylist(Action<GreylistOptions>? configure = null, IGreylistClientKey? clientKey = null)
    {
        var options = new GreylistOptions();
        configure?.Invoke(options);
        return new Greylist(Access, Options.Create(options), clientKey);
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _log.Enqueue($"{eventId.Id}: {formatter(state, exception)}");
}

/// <summary>A clock that stands still until it is moved; its timers fire when it is.</summary>
internal sealed class HandClock() : FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

/// <summary>A store that can be away: it throws, or never answers.</summary>
internal sealed class FickleStore(IPolicyStore inner) : IPolicyStore
{
    public int Asked { get; private set; }

    public Exception? Failure { get; set; }

    public TaskCompletionSource? Hangs { get; set; }

    public async ValueTask<Sighting> SeeAsync(string list, string key, SightingRule rule, CancellationToken cancellationToken = default) => await (await Here()).SeeAsync(list, key, rule, cancellationToken);

    public async ValueTask<Sighting?> FindAsync(string list, string key, CancellationToken cancellationToken = default) => await (await Here()).FindAsync(list, key, cancellationToken);

    public async ValueTask PutAsync(string list, string key, long passes, TimeSpan keep, CancellationToken cancellationToken = default) => await (await Here()).PutAsync(list, key, passes, keep, cancellationToken);

    public async ValueTask<CounterLease> CountAsync(string list, string key, long permits, CounterRule rule, CancellationToken cancellationToken = default) => await (await Here()).CountAsync(list, key, permits, rule, cancellationToken);

    public async ValueTask<bool> ForgetAsync(string list, string key, CancellationToken cancellationToken = default) => await (await Here()).ForgetAsync(list, key, cancellationToken);

    public async ValueTask<IReadOnlyList<StoredKey>> ListAsync(string? list, string? contains, int limit, CancellationToken cancellationToken = default) => await (await Here()).ListAsync(list, contains, limit, cancellationToken);

    public async ValueTask<long> CleanAsync(CancellationToken cancellationToken = default) => await (await Here()).CleanAsync(cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    public override string ToString() => "fickle";

    private async Task<IPolicyStore> Here()
    {
        Asked++;
        if (Hangs is { } hangs)
        {
            await hangs.Task;
        }

        return Failure is { } failure ? throw failure : inner;
    }
}
