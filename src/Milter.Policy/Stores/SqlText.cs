namespace Milter.Policy;

/// <summary>The statements of both SQL stores, which speak the same dialect but for the clock and a function. Parameters are numbered; a clock of null is the server's.</summary>
internal sealed class SqlText
{
    /// <summary>The version of the tables that this package makes.</summary>
    public const int Version = 1;

    /// <summary>The oldest version whose packages can still use these tables: during a rollout two of them do.</summary>
    public const int Oldest = 1;

    private readonly string _now;
    private readonly string _contains;

    private SqlText(string now, string contains, string integer, string suffix, bool hasExpiryIndex)
    {
        _now = now;
        _contains = contains;
        CreateSchema = "CREATE TABLE IF NOT EXISTS attrmilter_schema (version integer NOT NULL, oldest integer NOT NULL);";
        string index = hasExpiryIndex
            ? "CREATE INDEX IF NOT EXISTS attrmilter_seen_expires ON attrmilter_seen (expires); CREATE INDEX IF NOT EXISTS attrmilter_count_resets ON attrmilter_count (resets);"
            : "";
        Migrations =
        [
            $"""
            CREATE TABLE IF NOT EXISTS attrmilter_seen (
              list text NOT NULL, name text NOT NULL,
              first_seen {integer} NOT NULL, last_seen {integer} NOT NULL, times {integer} NOT NULL, passes {integer} NOT NULL, expires {integer} NOT NULL,
              PRIMARY KEY (list, name)){suffix};
            CREATE TABLE IF NOT EXISTS attrmilter_count (
              list text NOT NULL, name text NOT NULL, total {integer} NOT NULL, resets {integer} NOT NULL,
              PRIMARY KEY (list, name)){suffix};
            {index}
            """,
        ];
    }

    // Each write would go into the index as well, which costs more than a look at all rows every ten minutes.
    public static SqlText Sqlite { get; } = new("?", "instr(name, ?) > 0", "integer", " WITHOUT ROWID", hasExpiryIndex: false);

    public static SqlText PostgreSql { get; } = new("coalesce(?::bigint, (extract(epoch from clock_timestamp()) * 1000)::bigint)", "strpos(name, ?) > 0", "bigint", "", hasExpiryIndex: true);

    public string CreateSchema { get; }

    /// <summary>What makes version 1 of version 0, version 2 of version 1, and so on. Each adds only, so that the package before it goes on.</summary>
    public string[] Migrations { get; }

    public string ReadVersion => "SELECT coalesce(max(version), 0), coalesce(max(oldest), 0) FROM attrmilter_schema";

    public string WriteVersion => $"DELETE FROM attrmilter_schema; INSERT INTO attrmilter_schema (version, oldest) VALUES ({Version}, {Oldest});";

    /// <summary>$1 list, $2 name, $3 now, $4 minimum age, $5 keep, $6 passes of a first sighting, $7 keep of a first sighting.</summary>
    public string See => $"""
        INSERT INTO attrmilter_seen AS s (list, name, first_seen, last_seen, times, passes, expires)
        SELECT $1, $2, t.now, t.now, 1, $6, t.now + $7 FROM (SELECT {Now("$3")} AS now) AS t WHERE true
        ON CONFLICT (list, name) DO UPDATE SET
          first_seen = CASE WHEN s.expires <= excluded.last_seen THEN excluded.first_seen ELSE s.first_seen END,
          last_seen = CASE WHEN s.expires <= excluded.last_seen OR s.last_seen < excluded.last_seen THEN excluded.last_seen ELSE s.last_seen END,
          times = CASE WHEN s.expires <= excluded.last_seen THEN 1 ELSE s.times + 1 END,
          passes = CASE WHEN s.expires <= excluded.last_seen THEN excluded.passes WHEN s.passes > 0 OR excluded.last_seen >= s.first_seen + $4 THEN s.passes + 1 ELSE 0 END,
          expires = CASE WHEN s.expires <= excluded.last_seen THEN excluded.expires WHEN s.passes > 0 OR excluded.last_seen >= s.first_seen + $4 THEN excluded.last_seen + $5 ELSE s.expires END
        RETURNING first_seen, last_seen, times, passes, expires
        """;

    /// <summary>$1 list, $2 name, $3 now.</summary>
    public string Find => $"SELECT first_seen, last_seen, times, passes, expires FROM attrmilter_seen WHERE list = $1 AND name = $2 AND expires > {Now("$3")}";

    /// <summary>$1 list, $2 name, $3 now, $4 passes, $5 keep.</summary>
    public string Put => $"""
        INSERT INTO attrmilter_seen AS s (list, name, first_seen, last_seen, times, passes, expires)
        SELECT $1, $2, t.now, t.now, 1, $4, t.now + $5 FROM (SELECT {Now("$3")} AS now) AS t WHERE true
        ON CONFLICT (list, name) DO UPDATE SET first_seen = excluded.first_seen, last_seen = excluded.last_seen, times = 1, passes = excluded.passes, expires = excluded.expires
        """;

    /// <summary>$1 list, $2 name, $3 now, $4 permits, $5 limit, $6 window. No row: over the limit.</summary>
    public string Count => $"""
        INSERT INTO attrmilter_count AS c (list, name, total, resets)
        SELECT $1, $2, $4, t.now + $6 FROM (SELECT {Now("$3")} AS now) AS t WHERE true
        ON CONFLICT (list, name) DO UPDATE SET
          total = CASE WHEN c.resets <= excluded.resets - $6 THEN excluded.total ELSE c.total + excluded.total END,
          resets = CASE WHEN c.resets <= excluded.resets - $6 THEN excluded.resets ELSE c.resets END
        WHERE c.resets <= excluded.resets - $6 OR c.total + excluded.total <= $5
        RETURNING total, resets, resets - {Now("$3")}
        """;

    /// <summary>$1 list, $2 name, $3 now, $4 how many.</summary>
    public string GiveBack => $"UPDATE attrmilter_count SET total = CASE WHEN total < $4 THEN 0 ELSE total - $4 END WHERE list = $1 AND name = $2 AND resets > {Now("$3")}";

    /// <summary>$1 list, $2 name, $3 now.</summary>
    public string ReadCount => $"SELECT total, resets, resets - {Now("$3")} FROM attrmilter_count WHERE list = $1 AND name = $2 AND resets > {Now("$3")}";

    /// <summary>$1 list, $2 name, $3 now. Rows that had not expired.</summary>
    public string ForgetSeen => $"DELETE FROM attrmilter_seen WHERE list = $1 AND name = $2 AND expires > {Now("$3")}";

    /// <inheritdoc cref="ForgetSeen"/>
    public string ForgetCount => $"DELETE FROM attrmilter_count WHERE list = $1 AND name = $2 AND resets > {Now("$3")}";

    /// <summary>$1 now, $2 list or empty for all, $3 text that names contain, $4 how many.</summary>
    public string List => $"""
        SELECT list, name, first_seen, last_seen, times, passes, expires, 0 FROM attrmilter_seen WHERE expires > {Now("$1")} AND ($2 = '' OR list = $2) AND {Contains("$3")}
        UNION ALL
        SELECT list, name, 0, 0, 0, 0, resets, total FROM attrmilter_count WHERE resets > {Now("$1")} AND ($2 = '' OR list = $2) AND {Contains("$3")}
        LIMIT $4
        """;

    /// <summary>What a postmaster runs where the login may not make tables.</summary>
    public string Script => $"""
        -- Tables of AttrMilter.Policy, version {Version}. Safe to run again; packages of version {Oldest} and later can use them.
        {CreateSchema}
        {string.Join('\n', Migrations)}
        {WriteVersion}

        """;

    /// <summary>Removes some of what has expired: $1 now, $2 how many.</summary>
    /// <param name="place">What the database calls a row's place: a column, or several.</param>
    /// <param name="suffix">What follows the limit, such as a lock.</param>
    /// <returns>The statements, for sightings and counters.</returns>
    public string[] Clean(string place, string suffix) =>
    [
        $"DELETE FROM attrmilter_seen WHERE ({place}) IN (SELECT {place} FROM attrmilter_seen WHERE expires <= {Now("$1")} LIMIT $2{suffix})",
        $"DELETE FROM attrmilter_count WHERE ({place}) IN (SELECT {place} FROM attrmilter_count WHERE resets <= {Now("$1")} LIMIT $2{suffix})",
    ];

    private string Now(string parameter) => _now.Replace("?", parameter, StringComparison.Ordinal);

    private string Contains(string parameter) => _contains.Replace("?", parameter, StringComparison.Ordinal);
}
