using System.Text;
using Microsoft.Data.Sqlite;

namespace Milter.Policy;

/// <summary>An open file with its prepared statements. Used by one at a time.</summary>
internal sealed class SqliteStatements : IDisposable
{
    private const int SeenColumns = 5, CountColumns = 2;

    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _find;
    private readonly SqliteStatement _update;
    private readonly SqliteStatement _write;
    private readonly SqliteStatement _readCount;
    private readonly SqliteStatement _writeCount;
    private readonly SqliteCommand[] _forget;
    private readonly SqliteCommand[] _clean;
    private readonly SqliteCommand _list;
    private readonly long[] _values = new long[SeenColumns];
    private byte[] _listBytes = new byte[128];
    private byte[] _nameBytes = new byte[1024];
    private int _listLength;
    private int _nameLength;
    private int _written;

    private readonly int _timeout;

    public SqliteStatements(SqliteConnection connection, SqlText sql, TimeSpan timeout)
    {
        _connection = connection;
        _timeout = (int)timeout.TotalMilliseconds;
        _begin = new(connection, "BEGIN IMMEDIATE");
        _commit = new(connection, "COMMIT");
        _find = new(connection, "SELECT first_seen, last_seen, times, passes, expires FROM attrmilter_seen WHERE list = ?1 AND name = ?2");
        _update = new(connection, "UPDATE attrmilter_seen SET first_seen = ?3, last_seen = ?4, times = ?5, passes = ?6, expires = ?7 WHERE list = ?1 AND name = ?2");
        _write = new(connection, """
            INSERT INTO attrmilter_seen (list, name, first_seen, last_seen, times, passes, expires) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            ON CONFLICT (list, name) DO UPDATE SET first_seen = excluded.first_seen, last_seen = excluded.last_seen, times = excluded.times, passes = excluded.passes, expires = excluded.expires
            """);
        _readCount = new(connection, "SELECT total, resets FROM attrmilter_count WHERE list = ?1 AND name = ?2");
        _writeCount = new(connection, "INSERT INTO attrmilter_count (list, name, total, resets) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (list, name) DO UPDATE SET total = excluded.total, resets = excluded.resets");
        _forget = [Prepare(sql.ForgetSeen, 3), Prepare(sql.ForgetCount, 3)];
        _clean = [.. sql.Clean("list, name", "").Select(text => Prepare(text, 2))];
        _list = Prepare(sql.List, 4);
    }

    /// <summary>Begins a transaction that writes.</summary>
    /// <returns>Whether it has begun: not while another process writes.</returns>
    public bool TryBegin()
    {
        _written = 0;
        return _begin.TryRun(_timeout);
    }

    public void Commit() => _ = _commit.Run();

    /// <summary>Adds to a log what the last operation has written, if anything.</summary>
    /// <returns>Whether the log had room.</returns>
    public bool TryLog(BatchLog log)
    {
        bool isLogged = _written == 0 || log.TryAppend(_listBytes.AsSpan(0, _listLength), _nameBytes.AsSpan(0, _nameLength), _values.AsSpan(0, _written));
        _written = 0;
        return isLogged;
    }

    public Sighting See(string list, string key, long now, SightingRule rule)
    {
        SeenRow? known = Read(list, key);
        SeenRow row = SeenRow.See(known, now, rule);
        Write(known is null ? _write : _update, row);
        return row.ToSighting();
    }

    public Sighting? Find(string list, string key, long now) => Read(list, key) is { } row && row.Expires > now ? row.ToSighting() : null;

    public bool Put(string list, string key, long now, long passes, TimeSpan keep)
    {
        Name(list, key);
        Write(_write, SeenRow.Put(now, passes, keep));
        return true;
    }

    public CounterLease Count(string list, string key, long now, long permits, CounterRule rule)
    {
        Name(list, key);
        Span<long> known = _values.AsSpan(0, CountColumns);
        (CounterLease lease, CountRow? written) = CountRow.Count(Keyed(_readCount).Run(known) ? new CountRow(known[0], known[1]) : null, now, permits, rule);
        if (written is { } row)
        {
            (known[0], known[1]) = (row.Total, row.Resets);
            Write(_writeCount, CountColumns);
        }

        return lease;
    }

    /// <summary>Writes a row as it is, with the columns of a sighting or of a counter.</summary>
    public void Write(ReadOnlySpan<byte> list, ReadOnlySpan<byte> name, ReadOnlySpan<long> values)
    {
        SqliteStatement statement = (values.Length == CountColumns ? _writeCount : _write).With(1, list).With(2, name);
        for (int i = 0; i < values.Length; i++)
        {
            statement.With(i + 3, values[i]);
        }

        statement.Run();
    }

    public bool Forget(string list, string key, long now)
    {
        long forgotten = 0;
        foreach (SqliteCommand command in _forget)
        {
            using SqliteDataReader row = Run(command, list, key, now);
            forgotten += row.RecordsAffected;
        }

        return forgotten > 0;
    }

    public IReadOnlyList<StoredKey> List(string? list, string? contains, long now, int limit)
    {
        var keys = new List<StoredKey>();
        using SqliteDataReader row = Run(_list, now, list ?? "", contains ?? "", limit);
        while (row.Read())
        {
            keys.Add(new StoredKey(
                row.GetString(0), row.GetString(1), row.GetInt64(4) > 0 ? Sighting.Of(row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6)) : null,
                row.GetInt64(7), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6))));
        }

        return keys;
    }

    /// <returns>How many were removed, at most the limit of each table.</returns>
    public long Clean(long now, int limit)
    {
        long cleaned = 0;
        foreach (SqliteCommand command in _clean)
        {
            using SqliteDataReader row = Run(command, now, limit);
            cleaned += row.RecordsAffected;
        }

        return cleaned;
    }

    public void Dispose()
    {
        foreach (IDisposable statement in (IDisposable[])[_begin, _commit, _find, _update, _write, _readCount, _writeCount, .. _forget, .. _clean, _list])
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    private SeenRow? Read(string list, string key)
    {
        Name(list, key);
        return Keyed(_find).Run(_values) ? new SeenRow(_values[0], _values[1], _values[2], _values[3], _values[4]) : null;
    }

    private void Write(SqliteStatement statement, SeenRow row)
    {
        (_values[0], _values[1], _values[2], _values[3], _values[4]) = (row.First, row.Last, row.Times, row.Passes, row.Expires);
        Write(statement, SeenColumns);
    }

    private void Write(SqliteStatement statement, int columns)
    {
        Keyed(statement);
        for (int i = 0; i < columns; i++)
        {
            statement.With(i + 3, _values[i]);
        }

        statement.Run();
        _written = columns;
    }

    private SqliteStatement Keyed(SqliteStatement statement) => statement.With(1, _listBytes.AsSpan(0, _listLength)).With(2, _nameBytes.AsSpan(0, _nameLength));

    private void Name(string list, string key)
    {
        _listLength = Utf8(list, ref _listBytes);
        _nameLength = Utf8(key, ref _nameBytes);
        _written = 0;
    }

    private static int Utf8(string text, ref byte[] into)
    {
        int most = Encoding.UTF8.GetMaxByteCount(text.Length);
        into = most > into.Length ? new byte[most] : into;
        return Encoding.UTF8.GetBytes(text, into);
    }

    private static SqliteDataReader Run(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }

        return command.ExecuteReader();
    }

    private SqliteCommand Prepare(string text, int parameters)
    {
        SqliteCommand command = _connection.CreateCommand();
#pragma warning disable CA2100 // Statements of our own.
        command.CommandText = text;
#pragma warning restore CA2100
        for (int i = 1; i <= parameters; i++)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
        }

        return command;
    }
}
