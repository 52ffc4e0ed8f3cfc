using Npgsql;
using NpgsqlTypes;

namespace Milter.Policy;

/// <summary>A store in PostgreSQL, for the filters of several hosts.</summary>
/// <remarks>
/// Time is the server's, unless <see cref="PolicyClock.Caller"/> is chosen. Its two tables are made by the package where the login may make tables; otherwise the owner runs what
/// <c>milter policy sql</c> prints. It has at most 20 connections, unless the connection string says otherwise: an operation takes a moment, and a burst of new connections longer. Connecting and each command take at most the time-out (1 s), and a server that was away is found again. What has expired is removed by itself.
/// What the server has confirmed it keeps (its <c>synchronous_commit</c>): a server that is killed and comes back has forgotten nothing.
/// </remarks>
public sealed class PostgreSqlPolicyStore : IPolicyStore
{
    private const int CleanedAtOnce = 10_000;

    /// <summary>The lock under which tables are made: one at a time, of however many hosts that start.</summary>
    private const long SchemaLock = 0x4D696C746572;

    private static readonly TimeSpan s_cleanInterval = TimeSpan.FromMinutes(10);
    private static readonly SqlText s_sql = SqlText.PostgreSql;
    private static readonly string[] s_clean = s_sql.Clean("ctid", " FOR UPDATE SKIP LOCKED");

    private readonly NpgsqlDataSource _source;
    private readonly string _name;
    private readonly TimeProvider _time;
    private readonly PolicyClock _clock;
    private volatile bool _isReady;
    private long _nextClean;

    /// <summary>Makes the store; it is connected to when it is first needed.</summary>
    /// <param name="connectionString">Npgsql's, such as <c>Host=db.example.org;Database=mail;Username=filter;Passfile=/etc/filter/pgpass</c>.</param>
    /// <param name="time">The clock; the system's where <see langword="null"/>.</param>
    /// <param name="clock">Whose clock holds.</param>
    /// <param name="timeout">How long connecting and a command may take, in whole seconds; 1 s where <see langword="null"/>. What the connection string says goes first.</param>
    /// <exception cref="ArgumentException">The connection string is wrong.</exception>
    public PostgreSqlPolicyStore(string connectionString, TimeProvider? time = null, PolicyClock clock = PolicyClock.Store, TimeSpan? timeout = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        var given = new NpgsqlConnectionStringBuilder(connectionString);
        int seconds = Math.Max(1, (int)Math.Ceiling((timeout ?? TimeSpan.FromSeconds(1)).TotalSeconds));
        Default(given, "Timeout", seconds);
        Default(given, "Command Timeout", seconds);
        Default(given, "Cancellation Timeout", -1);
        Default(given, "Maximum Pool Size", 20);
        Default(given, "Max Auto Prepare", 20);
        Default(given, "Auto Prepare Min Usages", 2);
        Default(given, "Application Name", "attrmilter");
        _source = new NpgsqlSlimDataSourceBuilder(given.ConnectionString).Build();
        _name = $"postgresql:Host={given.Host};Port={given.Port};Database={given.Database};Username={given.Username}";
        _time = time ?? TimeProvider.System;
        _clock = clock;

        // Hosts that start together do not clean together.
        _nextClean = _time.GetUtcNow().ToUnixTimeMilliseconds() + Random.Shared.Next((int)s_cleanInterval.TotalMilliseconds);
    }

    /// <inheritdoc/>
    public async ValueTask<Sighting> SeeAsync(string list, string key, SightingRule rule, CancellationToken cancellationToken = default)
    {
        await ReadyAsync(cancellationToken).ConfigureAwait(false);
        await using NpgsqlCommand command = Command(s_sql.See, Text(list), Text(key), Now(), Number(rule.AgeMilliseconds), Number(rule.KeepMilliseconds), Number(rule.FirstPasses), Number(rule.FirstKeepMilliseconds));
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await row.ReadAsync(cancellationToken).ConfigureAwait(false);
        return ReadSighting(row, 0);
    }

    /// <inheritdoc/>
    public async ValueTask<Sighting?> FindAsync(string list, string key, CancellationToken cancellationToken = default)
    {
        await ReadyAsync(cancellationToken).ConfigureAwait(false);
        await using NpgsqlCommand command = Command(s_sql.Find, Text(list), Text(key), Now());
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        return await row.ReadAsync(cancellationToken).ConfigureAwait(false) ? ReadSighting(row, 0) : null;
    }

    /// <inheritdoc/>
    public async ValueTask PutAsync(string list, string key, long passes, TimeSpan keep, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(passes, 1);
        await ReadyAsync(cancellationToken).ConfigureAwait(false);
        await using NpgsqlCommand command = Command(s_sql.Put, Text(list), Text(key), Now(), Number(passes), Number((long)keep.TotalMilliseconds));
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<CounterLease> CountAsync(string list, string key, long permits, CounterRule rule, CancellationToken cancellationToken = default)
    {
        await ReadyAsync(cancellationToken).ConfigureAwait(false);
        if (permits < 0)
        {
            await using NpgsqlCommand giveBack = Command(s_sql.GiveBack, Text(list), Text(key), Now(), Number(-permits));
            await giveBack.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
        else if (permits <= rule.PermitLimit)
        {
            await using NpgsqlCommand count = Command(s_sql.Count, Text(list), Text(key), Now(), Number(permits), Number(rule.PermitLimit), Number(rule.WindowMilliseconds));
            await using NpgsqlDataReader row = await count.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            if (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                return new CounterLease(true, row.GetInt64(0), TimeSpan.FromMilliseconds(row.GetInt64(2)));
            }
        }

        await using NpgsqlCommand read = Command(s_sql.ReadCount, Text(list), Text(key), Now());
        await using NpgsqlDataReader kept = await read.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        return await kept.ReadAsync(cancellationToken).ConfigureAwait(false)
            ? new CounterLease(permits < 0, kept.GetInt64(0), TimeSpan.FromMilliseconds(kept.GetInt64(2)))
            : new CounterLease(permits < 0, 0, rule.Window);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ForgetAsync(string list, string key, CancellationToken cancellationToken = default)
    {
        await ReadyAsync(cancellationToken).ConfigureAwait(false);
        int forgotten = 0;
        foreach (string text in (string[])[s_sql.ForgetSeen, s_sql.ForgetCount])
        {
            await using NpgsqlCommand command = Command(text, Text(list), Text(key), Now());
            forgotten += await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }

        return forgotten > 0;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoredKey>> ListAsync(string? list, string? contains, int limit, CancellationToken cancellationToken = default)
    {
        await ReadyAsync(cancellationToken).ConfigureAwait(false);
        await using NpgsqlCommand command = Command(s_sql.List, Now(), Text(list ?? ""), Text(contains ?? ""), Number(limit));
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var keys = new List<StoredKey>();
        while (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            keys.Add(new StoredKey(
                row.GetString(0), row.GetString(1), row.GetInt64(4) > 0 ? ReadSighting(row, 2) : null, row.GetInt64(7), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6))));
        }

        return keys;
    }

    /// <inheritdoc/>
    public async ValueTask<long> CleanAsync(CancellationToken cancellationToken = default)
    {
        await ReadyAsync(cancellationToken).ConfigureAwait(false);
        long cleaned = 0;
        foreach (string text in s_clean)
        {
            for (int part = CleanedAtOnce; part == CleanedAtOnce; cleaned += part)
            {
                await using NpgsqlCommand command = Command(text, Now(), Number(CleanedAtOnce));
                part = await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        return cleaned;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    /// <summary>Says what the store is, for logs.</summary>
    /// <returns>Host, port, database and login; no password.</returns>
    public override string ToString() => _name;

    private static void Default(NpgsqlConnectionStringBuilder builder, string key, object value)
    {
        if (!builder.ShouldSerialize(key))
        {
            builder[key] = value;
        }
    }

    private static Sighting ReadSighting(NpgsqlDataReader row, int at) =>
        Sighting.Of(row.GetInt64(at), row.GetInt64(at + 1), row.GetInt64(at + 2), row.GetInt64(at + 3), row.GetInt64(at + 4));

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter<long> Number(long value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bigint };

    /// <summary>The caller's clock, or null for the server's.</summary>
    private NpgsqlParameter Now() => _clock == PolicyClock.Caller
        ? Number(_time.GetUtcNow().ToUnixTimeMilliseconds())
        : new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint };

    private NpgsqlCommand Command(string text, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        NpgsqlCommand command = _source.CreateCommand(text);
        foreach (NpgsqlParameter parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <summary>Sees to the tables before the first operation, and starts a cleaning from time to time, which no message waits for.</summary>
    private async ValueTask ReadyAsync(CancellationToken cancellationToken)
    {
        if (!_isReady)
        {
            await MigrateAsync(cancellationToken).ConfigureAwait(false);
            _isReady = true;
        }

        long now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        long due = Volatile.Read(ref _nextClean);
        if (now >= due && Interlocked.CompareExchange(ref _nextClean, now + (long)s_cleanInterval.TotalMilliseconds, due) == due)
        {
            _ = CleanQuietlyAsync();
        }
    }

    private async Task CleanQuietlyAsync()
    {
        try
        {
            await CleanAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or ObjectDisposedException or TimeoutException)
        {
            // The next one will do it: what has expired is not seen, cleaned away or not.
        }
    }

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        if (await VersionAsync(cancellationToken).ConfigureAwait(false) is { } known && !SqlSchema.IsBehind(known.Version, known.Oldest, _name))
        {
            return;
        }

        try
        {
            await using NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({SchemaLock})", cancellationToken).ConfigureAwait(false);
            await ExecuteAsync(connection, s_sql.CreateSchema, cancellationToken).ConfigureAwait(false);
            (int version, int oldest) = await ReadVersionAsync(connection, cancellationToken).ConfigureAwait(false);
            if (SqlSchema.IsBehind(version, oldest, _name))
            {
                await ExecuteAsync(connection, string.Join('\n', s_sql.Migrations[version..]), cancellationToken).ConfigureAwait(false);
                await ExecuteAsync(connection, s_sql.WriteVersion, cancellationToken).ConfigureAwait(false);
            }

            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new PolicyStoreException($"{_name}: the login may not make its tables ({e.MessageText}). Have the database's owner run what \"milter policy sql postgresql\" prints, and grant this login SELECT, INSERT, UPDATE and DELETE on them.", e);
        }
    }

    private async Task<(int Version, int Oldest)?> VersionAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            return await ReadVersionAsync(connection, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return null;
        }
    }

    private static async Task<(int Version, int Oldest)> ReadVersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var read = new NpgsqlCommand(s_sql.ReadVersion, connection);
        await using NpgsqlDataReader row = await read.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await row.ReadAsync(cancellationToken).ConfigureAwait(false);
        return (row.GetInt32(0), row.GetInt32(1));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string text, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // Statements of our own, and a number.
        await using var command = new NpgsqlCommand(text, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
