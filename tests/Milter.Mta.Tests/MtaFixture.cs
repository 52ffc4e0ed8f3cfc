using System.Collections.Concurrent;

namespace Milter.Mta.Tests;

/// <summary>The servers of a test class: each is started by the first test that wants it and serves all that follow.</summary>
/// <remarks>Derive from it, say in <see cref="Configure"/> what is special, and make it the class fixture.</remarks>
public class MtaFixture : IAsyncLifetime
{
    private readonly ConcurrentDictionary<MtaKind, Lazy<Task<MtaServer>>> _servers = [];

    /// <summary>Where the servers deliver.</summary>
    public MessageSink Sink { get; } = new();

    /// <summary>A folder of the class's own, for the unix socket of its milter.</summary>
    public WorkFolder Folder { get; } = WorkFolder.Create("test");

    /// <summary>The running server; the test is skipped when the machine lacks it.</summary>
    public async Task<MtaServer> GetAsync(MtaKind kind)
    {
        await MtaRequirement.DemandAsync(kind);
        return await _servers.GetOrAdd(kind, kind => new(() => MtaServer.StartAsync(kind, Configure(kind), Sink))).Value;
    }

    /// <summary>Starts what the servers need, such as a milter.</summary>
    public virtual Task InitializeAsync() => Task.CompletedTask;

    /// <summary>Stops the servers and the sink; what else was started is stopped after this.</summary>
    public virtual async Task DisposeAsync()
    {
        foreach (Lazy<Task<MtaServer>> server in _servers.Values)
        {
            if (server.Value.IsCompletedSuccessfully)
            {
                await (await server.Value).DisposeAsync();
            }
        }

        await Sink.DisposeAsync();
        Folder.Dispose();
    }

    /// <summary>How a server is configured for this class.</summary>
    protected virtual MtaOptions Configure(MtaKind kind) => new();
}
