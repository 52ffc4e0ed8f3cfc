using System.Diagnostics.Metrics;

namespace Milter.Policy.Tests;

public sealed class StoreAccessTests
{
    private readonly FickleStore _store = new(new MemoryPolicyStore());
    private readonly PolicyBench _bench;

    public StoreAccessTests() => _bench = new PolicyBench(_store);

    [Fact]
    public async Task A_store_that_failed_is_not_asked_for_the_retry_interval_and_then_found_again()
    {
        _store.Failure = new IOException("connection refused");
        Assert.False(await AskAsync());
        Assert.False(await AskAsync());
        Assert.Equal(1, _store.Asked);

        _store.Failure = null;
        Assert.False(await AskAsync());
        _bench.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await AskAsync());
        Assert.True(await AskAsync());
        Assert.True(_bench.Access.IsAvailable);
        Assert.Equal(["400: fickle can't be asked (connection refused): 1 times since this was last said. Policies do what OnStoreFailure says", "401: fickle answers again"], _bench.Log);
    }

    [Fact]
    public async Task A_store_that_is_away_is_told_once_a_minute_with_how_often_it_was_missed()
    {
        _store.Failure = new IOException("connection refused");
        for (int i = 0; i < 61; i++)
        {
            await AskAsync();
            await AskAsync();
            _bench.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(2, _bench.Log.Count);
        Assert.StartsWith("400: fickle can't be asked (connection refused): 120 times", _bench.Log.ElementAt(1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failures_are_counted_by_policy()
    {
        _store.Failure = new IOException("connection refused");
        long counted = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, self) =>
            {
                if (instrument.Name == "attrmilter.policy.store.failures")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            if (tags[0].Value is "counted")
            {
                counted += count;
            }
        });
        listener.Start();

        await AskAsync("counted");
        await AskAsync("counted");

        Assert.Equal(2, counted);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_given_up_after_the_time_out()
    {
        // The system's clock: the wait is real, and short.
        _store.Hangs = new TaskCompletionSource();
        var access = new PolicyStoreAccess(_store, Microsoft.Extensions.Options.Options.Create(new PolicyOptions { Timeout = TimeSpan.FromMilliseconds(10) }), _bench);

        (bool isAnswered, _) = await access.TryAsync("test", 0, static (store, _, token) => store.FindAsync("l", "k", token), CancellationToken.None);

        Assert.False(isAnswered);
        Assert.Contains("no answer within 00:00:00.0100000", Assert.Single(_bench.Log), StringComparison.Ordinal);
        _store.Hangs.SetResult();
    }

    [Fact]
    public async Task The_handlers_token_is_no_failure_of_the_store()
    {
        using var cancelled = new CancellationTokenSource();
        _store.Hangs = new TaskCompletionSource();
        var asked = _bench.Access.TryAsync("test", 0, static (store, _, token) => store.FindAsync("l", "k", token), cancelled.Token);
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await asked);
        Assert.True(_bench.Access.IsAvailable);
        _store.Hangs.SetResult();
    }

    private async Task<bool> AskAsync(string policy = "test") =>
        (await _bench.Access.TryAsync(policy, 0, static (store, _, token) => store.FindAsync("l", "k", token), CancellationToken.None)).IsAnswered;
}
