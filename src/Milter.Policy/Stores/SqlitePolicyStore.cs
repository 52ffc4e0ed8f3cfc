using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Milter.Policy;

/// <summary>A store in one SQLite file, for the filters of one host: the embedded default.</summary>
/// <remarks>
/// <para>
/// The file is in WAL mode with <c>synchronous=NORMAL</c>: what was written survives the end of the process; the last moments before a loss of power may be forgotten, and the file stays whole.
/// Several processes of one host can share it; a network file system is no place for it. What has expired is removed by itself, every ten minutes of use.
/// </para>
/// <para>
/// Operations are synchronous and take some microseconds, of which the disk has no part but at checkpoints. Another process that writes is waited for, at most the time-out.
/// Under load they share transactions of at most 200 ms; what is confirmed and not committed yet is in a file beside the database (<c>-batch</c>, 1 MiB), from which the next process takes it should this one be killed.
/// </para>
/// </remarks>
public sealed class SqlitePolicyStore : IPolicyStore
{
    private const int CleanedAtOnce = 1_000;
    private static readonly TimeSpan s_cleanInterval = TimeSpan.FromMinutes(10);
    private static readonly SqlText s_sql = SqlText.Sqlite;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly TimeSpan _timeout;
    private SqliteBatch? _open;
    private long _nextClean;
    private bool _isDisposed;

    /// <summary>Makes the store; the file is opened, and made, when it is first needed.</summary>
    /// <param name="path">The file. Its folder has to exist.</param>
    /// <param name="time">The clock; the system's where <see langword="null"/>.</param>
    /// <param name="timeout">How long to wait for another process that writes; 1 s where <see langword="null"/>.</param>
    public SqlitePolicyStore(string path, TimeProvider? time = null, TimeSpan? timeout = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = Path.GetFullPath(path);
        _time = time ?? TimeProvider.System;
        _timeout = timeout ?? TimeSpan.FromSeconds(1);
    }

    private string LogPath => _path + "-batch";

    private bool HasLog => BatchLog.IsSupported && File.Exists(LogPath);

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <inheritdoc/>
    public ValueTask<Sighting> SeeAsync(string list, string key, SightingRule rule, CancellationToken cancellationToken = default) => InTurnAsync(
        SqliteWork.Write, static (sql, now, a) => sql.See(a.list, a.key, now, a.rule), (list, key, rule), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Sighting?> FindAsync(string list, string key, CancellationToken cancellationToken = default) => InTurnAsync(
        SqliteWork.Read, static (sql, now, a) => sql.Find(a.list, a.key, now), (list, key), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask PutAsync(string list, string key, long passes, TimeSpan keep, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(passes, 1);
        await InTurnAsync(SqliteWork.Alone, static (sql, now, a) => sql.Put(a.list, a.key, now, a.passes, a.keep), (list, key, passes, keep), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<CounterLease> CountAsync(string list, string key, long permits, CounterRule rule, CancellationToken cancellationToken = default) => InTurnAsync(
        SqliteWork.Write, static (sql, now, a) => sql.Count(a.list, a.key, now, a.permits, a.rule), (list, key, permits, rule), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> ForgetAsync(string list, string key, CancellationToken cancellationToken = default) => InTurnAsync(
        SqliteWork.Alone, static (sql, now, a) => sql.Forget(a.list, a.key, now), (list, key), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredKey>> ListAsync(string? list, string? contains, int limit, CancellationToken cancellationToken = default) => InTurnAsync(
        SqliteWork.Read, static (sql, now, a) => sql.List(a.list, a.contains, now, a.limit), (list, contains, limit), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<long> CleanAsync(CancellationToken cancellationToken = default)
    {
        long cleaned = 0;
        for (long part = CleanedAtOnce; part >= CleanedAtOnce; cleaned += part)
        {
            part = await InTurnAsync(SqliteWork.Alone, static (sql, now, limit) => sql.Clean(now, limit), CleanedAtOnce, cancellationToken).ConfigureAwait(false);
        }

        return cleaned;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        _isDisposed = true;
        try
        {
            _open?.CommitBatch();
        }
        finally
        {
            _open?.Dispose();
            _open = null;
            _turn.Release();
        }
    }

    /// <summary>Says what the store is, for logs.</summary>
    /// <returns>Such as <c>sqlite:/var/lib/greylist/policy.db</c>.</returns>
    public override string ToString() => $"sqlite:{_path}";

    private async ValueTask<TResult> InTurnAsync<TState, TResult>(SqliteWork work, Func<SqliteStatements, long, TState, TResult> run, TState state, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            SqliteBatch file = _open ??= Open();
            long now = Now;
            if (now >= _nextClean)
            {
                await BeginAsync(file, SqliteWork.Alone, cancellationToken).ConfigureAwait(false);
                CleanSome(file.Statements, now);
                file.End(SqliteWork.Alone);
            }

            await BeginAsync(file, work, cancellationToken).ConfigureAwait(false);
            TResult result = run(file.Statements, now, state);
            file.End(work);
            return result;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever happened to the file or the disk: the next operation begins with a file that is opened anew, and with what the log has.
            _open?.Dispose();
            _open = null;
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async ValueTask BeginAsync(SqliteBatch file, SqliteWork work, CancellationToken cancellationToken)
    {
        for (long began = Environment.TickCount64; !file.TryBegin(work);)
        {
            if (Environment.TickCount64 - began >= _timeout.TotalMilliseconds)
            {
                throw new SqliteException($"SQLite Error {SQLitePCL.raw.SQLITE_BUSY}: 'database is locked'.", SQLitePCL.raw.SQLITE_BUSY);
            }

            await Task.Delay(1, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A bounded share of what has expired, so that no message waits for all of it.</summary>
    private void CleanSome(SqliteStatements sql, long now) =>
        _nextClean = sql.Clean(now, CleanedAtOnce) < CleanedAtOnce ? now + (long)s_cleanInterval.TotalMilliseconds : now + 1_000;

    /// <summary>Commits a batch after which nothing came.</summary>
    private async Task CommitLateAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            _open?.CommitBatch();
        }
        catch (SqliteException)
        {
            // Nothing is lost, since the log has it; whoever asks next is told what is wrong.
            _open?.Dispose();
            _open = null;
        }
        finally
        {
            _turn.Release();
        }
    }

    private SqliteBatch Open()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = _path,
            Pooling = false,
            DefaultTimeout = Math.Max(1, (int)_timeout.TotalSeconds),
        }.ConnectionString);
        try
        {
            connection.Open();
            Execute(connection, $"PRAGMA busy_timeout = {((long)_timeout.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -16000;");
            BatchLog? log = HasLog ? BatchLog.TryOpen(LogPath) : null;
            if (ReadVersion(connection) < SqlText.Version || (log is null && HasLog))
            {
                log?.Dispose();
                log = Prepare(connection);
            }

            return new SqliteBatch(new SqliteStatements(connection, s_sql, _timeout), log, BatchLog.IsSupported ? LogPath : null, CommitLateAsync);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Makes the tables, or moves them to this version; a log of an earlier start of the host, or of a file that is gone, begins anew.</summary>
    private BatchLog? Prepare(SqliteConnection connection)
    {
        Execute(connection, "BEGIN IMMEDIATE");
        try
        {
            int version = ReadVersion(connection);
            if (version < SqlText.Version)
            {
                Execute(connection, s_sql.CreateSchema + string.Join('\n', s_sql.Migrations[version..]) + s_sql.WriteVersion);
            }

            BatchLog? log = HasLog ? (version > 0 ? BatchLog.TryOpen(LogPath) : null) ?? BatchLog.Create(LogPath) : null;
            Execute(connection, "COMMIT");
            return log;
        }
        catch
        {
            Execute(connection, "ROLLBACK");
            throw;
        }
    }

    /// <summary>Gives the version of the tables as far as this package has to know it; 0 where there are none.</summary>
    private int ReadVersion(SqliteConnection connection)
    {
        using SqliteCommand read = connection.CreateCommand();
        read.CommandText = "SELECT count(*) FROM sqlite_schema WHERE name = 'attrmilter_schema'";
        if ((long)read.ExecuteScalar()! == 0)
        {
            return 0;
        }

#pragma warning disable CA2100 // A statement of our own.
        read.CommandText = s_sql.ReadVersion;
#pragma warning restore CA2100
        using SqliteDataReader row = read.ExecuteReader();
        row.Read();
        return SqlSchema.IsBehind(row.GetInt32(0), row.GetInt32(1), ToString()) ? row.GetInt32(0) : SqlText.Version;
    }

    private static void Execute(SqliteConnection connection, string text)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Statements of our own, and a number.
        command.CommandText = text;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
