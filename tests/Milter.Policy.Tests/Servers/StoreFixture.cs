namespace Milter.Policy.Tests;

/// <summary>The stores under test, by name; a server is started when the first test asks for it, and shared.</summary>
public sealed class StoreFixture : IAsyncLifetime
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<string, StoreServer> _servers = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("attrmilter-policy-").FullName;

    public static readonly string[] Names = ["memory", "sqlite", "postgresql", "redis"];

    public static TheoryData<string> Stores => [.. Names];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (StoreServer server in _servers.Values)
        {
            await server.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    public async Task<PostgreSqlServer> PostgreSqlAsync() => (PostgreSqlServer)await ServerAsync("postgresql");

    public async Task<StoreServer> ServerAsync(string name)
    {
        await _turn.WaitAsync();
        try
        {
            if (!_servers.TryGetValue(name, out StoreServer? server))
            {
                _servers[name] = server = name == "redis" ? await RedisServer.StartNewAsync() : await PostgreSqlServer.StartNewAsync();
            }

            return server;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task<string> SettingAsync(string name) => name switch
    {
        "memory" => name,
        "sqlite" => $"sqlite:{Path.Combine(_folder, "shared.db")}",
        _ => (await ServerAsync(name)).Setting,
    };

    public async Task<IPolicyStore> OpenAsync(string name, TimeProvider? time = null)
    {
        string setting = await SettingAsync(name);
        string rest = setting[(setting.IndexOf(':', StringComparison.Ordinal) + 1)..];
        PolicyClock clock = time is null ? PolicyClock.Store : PolicyClock.Caller;
        return name switch
        {
            "memory" => new MemoryPolicyStore(time),
            "sqlite" => new SqlitePolicyStore(rest, time, TimeSpan.FromMinutes(1)),
            "postgresql" => new PostgreSqlPolicyStore(rest, time, clock),
            _ => new RedisPolicyStore(rest, time, clock),
        };
    }
}

[CollectionDefinition(Name)]
public sealed class StoreCollection : ICollectionFixture<StoreFixture>
{
    public const string Name = "stores";
}
