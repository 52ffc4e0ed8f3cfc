using System.Globalization;
using System.Net;
using StackExchange.Redis;

namespace Milter.Policy;

/// <summary>A store in Redis or Valkey, for the filters of several hosts.</summary>
/// <remarks>
/// <para>
/// Time is the server's, unless <see cref="PolicyClock.Caller"/> is chosen, and the server removes what has expired. A server that is restarted remembers what its persistence has kept
/// (<c>appendonly yes</c> for nearly all); what it has forgotten is new.
/// </para>
/// <para>
/// Nothing waits for a server that is away: the client's backlog is off (by default it would hold a command for 5 s, and two are Sendmail's 10 s), and a command takes at most the time-out (1 s).
/// Settings of the configuration text go before these. Keys are <c>attrmilter:s:LIST:KEY</c> for sightings and <c>attrmilter:c:LIST:KEY</c> for counters; a script touches one key, so a cluster will do.
/// </para>
/// </remarks>
public sealed class RedisPolicyStore : IPolicyStore
{
    private const string Seen = "attrmilter:s:", Counted = "attrmilter:c:";

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ConfigurationOptions _configuration;
    private readonly TimeProvider _time;
    private readonly PolicyClock _clock;
    private volatile ConnectionMultiplexer? _connection;
    private bool _isDisposed;

    /// <summary>Makes the store; it is connected to when it is first needed.</summary>
    /// <param name="configuration">StackExchange.Redis's, such as <c>redis.example.org:6379,ssl=true,password=…</c>.</param>
    /// <param name="time">The clock; the system's where <see langword="null"/>.</param>
    /// <param name="clock">Whose clock holds.</param>
    /// <param name="timeout">How long connecting and a command may take; 1 s where <see langword="null"/>.</param>
    /// <exception cref="ArgumentException">The configuration is wrong.</exception>
    public RedisPolicyStore(string configuration, TimeProvider? time = null, PolicyClock clock = PolicyClock.Store, TimeSpan? timeout = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(configuration);
        int milliseconds = (int)(timeout ?? TimeSpan.FromSeconds(1)).TotalMilliseconds;
        string ms = milliseconds.ToString(CultureInfo.InvariantCulture);

        // What stands later in the text wins, so ours goes first.
        _configuration = ConfigurationOptions.Parse($"connectTimeout={ms},asyncTimeout={ms},syncTimeout={ms},connectRetry=1,abortConnect=false,{configuration}");
        _configuration.BacklogPolicy = BacklogPolicy.FailFast;
        _configuration.ReconnectRetryPolicy = new LinearRetry(milliseconds);
        _configuration.HeartbeatInterval = TimeSpan.FromMilliseconds(Math.Min(1_000, milliseconds));
        _configuration.ClientName ??= "attrmilter";
        if (_configuration.EndPoints.Count == 0)
        {
            throw new ArgumentException($"\"{configuration}\" names no server. Write it as redis.example.org:6379.", nameof(configuration));
        }

        _time = time ?? TimeProvider.System;
        _clock = clock;
    }

    private RedisValue Now => _clock == PolicyClock.Caller ? _time.GetUtcNow().ToUnixTimeMilliseconds() : -1;

    /// <inheritdoc/>
    public async ValueTask<Sighting> SeeAsync(string list, string key, SightingRule rule, CancellationToken cancellationToken = default)
    {
        RedisResult[] row = await RunAsync(RedisScripts.See, Seen, list, key, [Now, rule.AgeMilliseconds, rule.KeepMilliseconds, rule.FirstPasses, rule.FirstKeepMilliseconds], cancellationToken).ConfigureAwait(false);
        return ReadSighting(row);
    }

    /// <inheritdoc/>
    public async ValueTask<Sighting?> FindAsync(string list, string key, CancellationToken cancellationToken = default)
    {
        RedisResult[] row = await RunAsync(RedisScripts.Find, Seen, list, key, [Now], cancellationToken).ConfigureAwait(false);
        return row.Length > 0 ? ReadSighting(row) : null;
    }

    /// <inheritdoc/>
    public async ValueTask PutAsync(string list, string key, long passes, TimeSpan keep, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(passes, 1);
        await RunAsync(RedisScripts.Put, Seen, list, key, [Now, passes, (long)keep.TotalMilliseconds], cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<CounterLease> CountAsync(string list, string key, long permits, CounterRule rule, CancellationToken cancellationToken = default)
    {
        RedisResult[] row = await RunAsync(RedisScripts.Count, Counted, list, key, [Now, permits, rule.PermitLimit, rule.WindowMilliseconds], cancellationToken).ConfigureAwait(false);
        return new CounterLease((int)row[0] == 1, (long)row[1], TimeSpan.FromMilliseconds((long)row[2]));
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ForgetAsync(string list, string key, CancellationToken cancellationToken = default)
    {
        RedisResult[] seen = await RunAsync(RedisScripts.Forget, Seen, list, key, [Now], cancellationToken).ConfigureAwait(false);
        RedisResult[] counted = await RunAsync(RedisScripts.Forget, Counted, list, key, [Now], cancellationToken).ConfigureAwait(false);
        return (int)seen[0] == 1 || (int)counted[0] == 1;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoredKey>> ListAsync(string? list, string? contains, int limit, CancellationToken cancellationToken = default)
    {
        ConnectionMultiplexer connection = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        IDatabase database = connection.GetDatabase();

        // Without a server there is nothing to go through; that is not the same as nothing that is kept.
        await database.PingAsync().ConfigureAwait(false);
        var keys = new List<StoredKey>();
        foreach (IServer server in connection.GetServers().Where(static server => server.IsConnected && !server.IsReplica))
        {
            await foreach (RedisKey found in server.KeysAsync(database.Database, "attrmilter:[sc]:*", 1_000).WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                if (keys.Count >= limit)
                {
                    return keys;
                }

                string[] parts = found.ToString().Split(':', 4);
                if (parts.Length < 4 || (list is not null && parts[2] != list) || !parts[3].Contains(contains ?? "", StringComparison.Ordinal))
                {
                    continue;
                }

                RedisResult[] row = (RedisResult[])(await database.ScriptEvaluateAsync(RedisScripts.Read, [found], [Now]).ConfigureAwait(false))!;
                if (row.Length > 0)
                {
                    keys.Add(new StoredKey(parts[2], parts[3], parts[1] == "s" ? ReadSighting(row) : null, (long)row[5], DateTimeOffset.FromUnixTimeMilliseconds((long)row[4])));
                }
            }
        }

        return keys;
    }

    /// <inheritdoc/>
    public ValueTask<long> CleanAsync(CancellationToken cancellationToken = default) => new(0);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        _isDisposed = true;
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync().ConfigureAwait(false);
        }

        _turn.Release();
    }

    /// <summary>Says what the store is, for logs.</summary>
    /// <returns>The servers; no password.</returns>
    public override string ToString() => $"redis:{string.Join(',', _configuration.EndPoints.Select(static point => point is DnsEndPoint name ? $"{name.Host}:{name.Port}" : point.ToString()))}";

    private static Sighting ReadSighting(RedisResult[] row) => Sighting.Of((long)row[0], (long)row[1], (long)row[2], (long)row[3], (long)row[4]);

    private async ValueTask<RedisResult[]> RunAsync(string script, string kind, string list, string key, RedisValue[] values, CancellationToken cancellationToken)
    {
        ConnectionMultiplexer connection = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        return (RedisResult[])(await connection.GetDatabase().ScriptEvaluateAsync(script, [$"{kind}{list}:{key}"], values).ConfigureAwait(false))!;
    }

    private async ValueTask<ConnectionMultiplexer> ConnectAsync(CancellationToken cancellationToken)
    {
        if (_connection is { } open)
        {
            return open;
        }

        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _connection ??= await ConnectionMultiplexer.ConnectAsync(_configuration).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }
}
