using System.Collections.Concurrent;
using Milter.Tests;
using Milter.Transport;

namespace Milter.Runtime.Tests.Allocations;

/// <summary>Protects the promise that time costs no garbage: the watchdog looks at all connections four times a second.</summary>
public sealed class WatchdogAllocationTests
{
    [ReleaseFact]
    public void A_look_at_all_connections_costs_nothing()
    {
        ConcurrentDictionary<IWatched, IWatched> connections = new();
        for (int i = 0; i < 100; i++)
        {
            var connection = new Silent();
            connections[connection] = connection;
        }

        using var clock = new Clock(new ManualTime(), TimeSpan.FromHours(2), connections, loops: null, static _ => { });
        Assert.Equal(0, Allocated.InSteadyState(clock.Tick));
        Assert.All(connections.Keys, static connection => Assert.True(((Silent)connection).Looks > 1_000));
    }

    private sealed class Silent : IWatched
    {
        public int Looks { get; private set; }

        public bool IsBusy => true;

        public void Look(long now) => Looks++;

        public void LookFailed(Exception exception) => throw new InvalidOperationException("A look has failed.", exception);
    }
}
