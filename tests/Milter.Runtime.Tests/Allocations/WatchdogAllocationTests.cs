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
        ConcurrentDictionary<IServedConnection, IServedConnection> connections = new();
        for (int i = 0; i < 100; i++)
        {
            var connection = new Silent();
            connections[connection] = connection;
        }

        using var watchdog = new MilterWatchdog(new ManualTime(), TimeSpan.FromHours(2), connections);
        Assert.Equal(0, Allocated.InSteadyState(watchdog.Tick));
        Assert.All(connections.Keys, static connection => Assert.True(((Silent)connection).Looks > 1_000));
    }

    private sealed class Silent : IServedConnection
    {
        public int Looks { get; private set; }

        public bool IsBusy => true;

        public Task Ended => Task.CompletedTask;

        public void Start()
        {
        }

        public void Watch() => Looks++;

        public void BeginDrain()
        {
        }

        public void EndWhenAnswered()
        {
        }

        public void Fail(Exception e)
        {
        }

        public void Abort()
        {
        }
    }
}
