using Microsoft.Data.Sqlite;
using SQLitePCL;
using static SQLitePCL.raw;

namespace Milter.Policy;

/// <summary>A statement that stays prepared. The classes of Microsoft.Data.Sqlite, which begin anew at each call, take longer than SQLite itself.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;

    public SqliteStatement(SqliteConnection connection, string text)
    {
        _connection = connection.Handle!;
        Check(sqlite3_prepare_v2(_connection, text, out _statement));
    }

    public SqliteStatement With(int parameter, ReadOnlySpan<byte> text)
    {
        // An empty span is taken for NULL.
        Check(text.IsEmpty ? sqlite3_bind_text(_statement, parameter, "") : sqlite3_bind_text(_statement, parameter, text));
        return this;
    }

    public SqliteStatement With(int parameter, long value)
    {
        Check(sqlite3_bind_int64(_statement, parameter, value));
        return this;
    }

    /// <summary>Runs it, up to its first row.</summary>
    /// <param name="values">The row's columns.</param>
    /// <returns>Whether there is a row.</returns>
    public bool Run(Span<long> values = default)
    {
        int result = sqlite3_step(_statement);
        for (int i = 0; result == SQLITE_ROW && i < values.Length; i++)
        {
            values[i] = sqlite3_column_int64(_statement, i);
        }

        int reset = sqlite3_reset(_statement);
        if (result is not (SQLITE_ROW or SQLITE_DONE))
        {
            Check(reset);
        }

        return result == SQLITE_ROW;
    }

    /// <summary>Runs it at once, unless another process has the database.</summary>
    /// <param name="otherwise">How long other statements wait for it, in milliseconds.</param>
    public bool TryRun(int otherwise)
    {
        Check(sqlite3_busy_timeout(_connection, 0));
        int result = sqlite3_step(_statement);
        int reset = sqlite3_reset(_statement);
        Check(sqlite3_busy_timeout(_connection, otherwise));
        if ((result & 0xFF) == SQLITE_BUSY)
        {
            return false;
        }

        Check(reset);
        return true;
    }

    public void Dispose() => _statement.Dispose();

    private void Check(int result)
    {
        if (result != SQLITE_OK)
        {
            throw new SqliteException($"SQLite Error {result}: '{sqlite3_errmsg(_connection).utf8_to_string()}'.", result & 0xFF, result);
        }
    }
}
