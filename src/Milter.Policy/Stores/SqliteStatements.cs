using Microsoft.Data.Sqlite;

namespace Milter.Policy;

/// <summary>An open file with its prepared statements. Used by one at a time.</summary>
internal sealed class SqliteStatements : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _see;
    private readonly SqliteCommand _find;
    private readonly SqliteCommand _put;
    private readonly SqliteCommand _count;
    private readonly SqliteCommand _giveBack;
    private readonly SqliteCommand _readCount;
    private readonly SqliteCommand[] _forget;
    private readonly SqliteCommand[] _clean;
    private readonly SqliteCommand _list;

    public SqliteStatements(SqliteConnection connection, SqlText sql)
    {
        _connection = connection;
        _see = Prepare(sql.See, 7);
        _find = Prepare(sql.Find, 3);
        _put = Prepare(sql.Put, 5);
        _count = Prepare(sql.Count, 6);
        _giveBack = Prepare(sql.GiveBack, 4);
        _readCount = Prepare(sql.ReadCount, 3);
        _forget = [Prepare(sql.ForgetSeen, 3), Prepare(sql.ForgetCount, 3)];
        _clean = [.. sql.Clean("list, name", "").Select(text => Prepare(text, 2))];
        _list = Prepare(sql.List, 4);
    }

    public Sighting See(string list, string key, long now, SightingRule rule)
    {
        using SqliteDataReader row = Run(_see, list, key, now, rule.AgeMilliseconds, rule.KeepMilliseconds, rule.FirstPasses, rule.FirstKeepMilliseconds);
        row.Read();
        return ReadSighting(row, 0);
    }

    public Sighting? Find(string list, string key, long now)
    {
        using SqliteDataReader row = Run(_find, list, key, now);
        return row.Read() ? ReadSighting(row, 0) : null;
    }

    public bool Put(string list, string key, long now, long passes, TimeSpan keep)
    {
        using SqliteDataReader row = Run(_put, list, key, now, passes, (long)keep.TotalMilliseconds);
        return true;
    }

    public CounterLease Count(string list, string key, long now, long permits, CounterRule rule)
    {
        if (permits < 0)
        {
            using SqliteDataReader done = Run(_giveBack, list, key, now, -permits);
        }
        else if (permits <= rule.PermitLimit)
        {
            using SqliteDataReader row = Run(_count, list, key, now, permits, rule.PermitLimit, rule.WindowMilliseconds);
            if (row.Read())
            {
                return new CounterLease(true, row.GetInt64(0), TimeSpan.FromMilliseconds(row.GetInt64(2)));
            }
        }

        using SqliteDataReader kept = Run(_readCount, list, key, now);
        return kept.Read()
            ? new CounterLease(permits < 0, kept.GetInt64(0), TimeSpan.FromMilliseconds(kept.GetInt64(2)))
            : new CounterLease(permits < 0, 0, rule.Window);
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
                row.GetString(0), row.GetString(1), row.GetInt64(4) > 0 ? ReadSighting(row, 2) : null, row.GetInt64(7), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6))));
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
        foreach (SqliteCommand command in (SqliteCommand[])[_see, _find, _put, _count, _giveBack, _readCount, .. _forget, .. _clean, _list])
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    private static Sighting ReadSighting(SqliteDataReader row, int at) =>
        Sighting.Of(row.GetInt64(at), row.GetInt64(at + 1), row.GetInt64(at + 2), row.GetInt64(at + 3), row.GetInt64(at + 4));

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
