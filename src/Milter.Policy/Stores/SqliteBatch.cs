namespace Milter.Policy;

/// <summary>What an operation does with the file.</summary>
internal enum SqliteWork
{
    /// <summary>It reads.</summary>
    Read,

    /// <summary>It writes one row, and may share a transaction with others.</summary>
    Write,

    /// <summary>It has a transaction for itself.</summary>
    Alone,
}

/// <summary>
/// An open file and its transactions. While operations follow each other closely they share one: each is confirmed when it is in the transaction and in the log, and the transaction is committed soon after, at once when another process waits.
/// A transaction of its own for each look-up costs some ten times the look-up.
/// </summary>
internal sealed class SqliteBatch : IDisposable
{
    // Milliseconds: how close operations follow, how long a batch is at most, how long there is none after another process had to wait.
    private const int Close = 10, Longest = 200, Shared = 1_000;

    private readonly string? _logPath;
    private readonly Timer _late;
    private BatchLog? _log;
    private bool _isBatch;
    private bool _isBegun;
    private long _began;
    private long _last;
    private long _sharedUntil;

    /// <param name="statements">The file.</param>
    /// <param name="log">Its log, if it has one.</param>
    /// <param name="logPath">Where that is made with the first batch: whoever only looks, perhaps as another user, makes none. <see langword="null"/> where there can be none.</param>
    /// <param name="commitLate">Commits a batch after which nothing comes.</param>
    public SqliteBatch(SqliteStatements statements, BatchLog? log, string? logPath, Func<Task> commitLate)
    {
        Statements = statements;
        (_log, _logPath) = (log, logPath);
        _late = new Timer(_ => _ = IsDue ? commitLate() : Task.CompletedTask);
    }

    public SqliteStatements Statements { get; }

    /// <summary>Gets a value indicating whether a batch should end although nothing is asked: another process waits, or nothing has come for a while.</summary>
    private bool IsDue => Volatile.Read(ref _isBatch) && (_log!.IsWanted || Environment.TickCount64 - Volatile.Read(ref _last) >= Close || Environment.TickCount64 - Volatile.Read(ref _began) >= Longest);

    /// <summary>Begins an operation.</summary>
    /// <returns>Whether it has begun: not while another process has the file.</returns>
    public bool TryBegin(SqliteWork work)
    {
        if (_isBatch)
        {
            if (work != SqliteWork.Alone)
            {
                return true;
            }

            CommitBatch();
        }

        if (_log is null && File.Exists(_logPath))
        {
            _log = BatchLog.TryOpen(_logPath);
        }

        // What another process has confirmed may be in its batch alone: then a reader waits for its end as a writer does.
        bool isOthers = _log is { HasRows: true };
        if (work == SqliteWork.Read && !isOthers)
        {
            return true;
        }

        if (!Statements.TryBegin())
        {
            _log?.Want();
            return false;
        }

        _isBegun = true;
        if (_log is not { HasRows: true })
        {
            return true;
        }

        // Nobody else is in a transaction now, so these are of a process that has ended, or they are committed and it does not harm.
        long rows = _log.Replay(Statements);
        Commit();
        _log.Clear(rows);
        return TryBegin(work);
    }

    /// <summary>Ends an operation: what it has written is confirmed.</summary>
    public void End(SqliteWork work)
    {
        long now = Environment.TickCount64;
        bool isClose = now - _last < Close;
        _last = work == SqliteWork.Alone ? _last : now;
        if (!_isBegun)
        {
            return;
        }

        if (_log is { IsWanted: true })
        {
            _sharedUntil = now + Shared;
        }

        bool goesOn = _isBatch ? now - _began < Longest : isClose && work == SqliteWork.Write;
        if (goesOn && _logPath is not null)
        {
            _log ??= BatchLog.TryOpen(_logPath) ?? BatchLog.Create(_logPath);
        }

        if (_log is null || !goesOn || now < _sharedUntil || !Statements.TryLog(_log))
        {
            Commit();
            return;
        }

        if (!_isBatch)
        {
            _isBatch = true;
            _began = now;
            _late.Change(Close, Close);
        }
    }

    public void CommitBatch()
    {
        if (_isBatch)
        {
            Commit();
        }
    }

    /// <summary>Closes the file without a commit: what is in the log stays there.</summary>
    public void Dispose()
    {
        _late.Dispose();
        _log?.Dispose();
        Statements.Dispose();
    }

    private void Commit()
    {
        Statements.Commit();
        _isBegun = false;
        if (_isBatch)
        {
            _isBatch = false;
            _late.Change(Timeout.Infinite, Timeout.Infinite);
            _log!.Release();
        }
    }
}
