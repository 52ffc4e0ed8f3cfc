using Microsoft.Data.Sqlite;
using Milter.Tests;

namespace Milter.Policy.Tests;

public sealed class EmbeddedStoreTests : IDisposable
{
    // One waits for the other, which a busy machine keeps from its processor.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private static readonly SightingRule s_rule = new(TimeSpan.FromMinutes(10), TimeSpan.FromHours(4), TimeSpan.FromDays(36));
    private readonly string _folder = Directory.CreateTempSubdirectory("attrmilter-embedded-").FullName;
    private readonly HandClock _clock = new();

    private string File => Path.Combine(_folder, "policy.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ReleaseFact]
    public void A_key_that_memory_knows_costs_no_allocation()
    {
        var store = new MemoryPolicyStore();
        var rule = new CounterRule(long.MaxValue / 2, TimeSpan.FromDays(1));

#pragma warning disable CA2012 // Memory answers at once.
        Assert.Equal(0, Allocated.InSteadyState(() =>
        {
            _ = store.SeeAsync("l", "192.0.2.0/24 joe@example.org ann@example.net", s_rule).Result;
            _ = store.FindAsync("l", "192.0.2.0/24 joe@example.org ann@example.net").Result;
            _ = store.CountAsync("l", "192.0.2.0/24 joe@example.org ann@example.net", 1, rule).Result;
        }));
#pragma warning restore CA2012
    }

    [Fact]
    public async Task Memory_is_bounded_and_what_expires_first_goes_first()
    {
        var store = new MemoryPolicyStore(_clock, capacity: 100);
        await store.PutAsync("l", "ripe", 1, TimeSpan.FromDays(36));
        for (int i = 0; i < 1_000; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            await store.SeeAsync("l", $"k{i}", s_rule);
        }

        IReadOnlyList<StoredKey> kept = await store.ListAsync("l", null, 10_000);
        Assert.InRange(kept.Count, 90, 100);
        Assert.Contains(kept, key => key.Key == "ripe");
        Assert.Contains(kept, key => key.Key == "k999");
    }

    [Fact]
    public async Task A_SQLite_file_outlives_the_process_and_is_cleaned_by_itself()
    {
        await using (var store = new SqlitePolicyStore(File, _clock))
        {
            for (int i = 0; i < 50; i++)
            {
                await store.SeeAsync("l", $"k{i}", s_rule);
            }
        }

        await using (var store = new SqlitePolicyStore(File, _clock))
        {
            Assert.Equal(2, (await store.SeeAsync("l", "k0", s_rule)).Times);
            _clock.Advance(TimeSpan.FromHours(5));
            await store.SeeAsync("l", "other", s_rule);
        }

        Assert.Equal(1L, Scalar("SELECT count(*) FROM attrmilter_seen"));
        Assert.Equal("wal", Scalar("PRAGMA journal_mode"));
    }

    [Fact]
    public async Task What_one_has_confirmed_another_sees_at_once_and_both_get_on()
    {
        await using var one = new SqlitePolicyStore(File, timeout: s_patience);
        await using var other = new SqlitePolicyStore(File, timeout: s_patience);
        for (int i = 1; i <= 200; i++)
        {
            // Several in a row, so that the first of them has a batch when the other asks.
            Assert.Equal((2 * i) - 1, (await one.SeeAsync("l", "k", s_rule)).Times);
            for (int more = 0; more < 5; more++)
            {
                await one.SeeAsync("l", $"{i} {more}", s_rule);
            }

            Assert.NotNull(await other.FindAsync("l", $"{i} 4"));
            Assert.Equal(2 * i, (await other.SeeAsync("l", "k", s_rule)).Times);
        }

        Assert.Equal(1_001, (await other.ListAsync("l", null, 10_000)).Count);
    }

    [Fact]
    public async Task Two_under_load_both_get_on()
    {
        await using var one = new SqlitePolicyStore(File, timeout: s_patience);
        await using var other = new SqlitePolicyStore(File, timeout: s_patience);
        await Task.WhenAll(new[] { one, other }.SelectMany(store => Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < 500; i++)
            {
                await store.SeeAsync("l", "k", s_rule);
                await store.CountAsync("l", $"k{i}", 1, new CounterRule(1_000, TimeSpan.FromDays(1)));
            }
        }))));

        Assert.Equal(4_001, (await one.SeeAsync("l", "k", s_rule)).Times);
        Assert.Equal(9, (await other.CountAsync("l", "k499", 1, new CounterRule(1_000, TimeSpan.FromDays(1)))).Total);
    }

    [Fact]
    public async Task A_file_that_was_taken_away_takes_along_what_was_not_committed()
    {
        await using (var store = new SqlitePolicyStore(File, _clock))
        {
            await store.SeeAsync("l", "k", s_rule);
            Assert.False(System.IO.File.Exists(File + "-batch"));
            await BatchAsync(store);
        }

        byte[] log = await System.IO.File.ReadAllBytesAsync(File + "-batch");
        log[64] = 40;
        await System.IO.File.WriteAllBytesAsync(File + "-batch", log);
        System.IO.File.Delete(File);
        await using (var store = new SqlitePolicyStore(File, _clock))
        {
            Assert.True((await store.SeeAsync("l", "k", s_rule)).IsNew);
        }
    }

    [Fact]
    public async Task A_later_version_that_says_so_can_be_used_beside_this_one()
    {
        await using (var store = new SqlitePolicyStore(File, _clock))
        {
            await store.SeeAsync("l", "k", s_rule);
        }

        Scalar("ALTER TABLE attrmilter_seen ADD COLUMN note text NOT NULL DEFAULT ''; UPDATE attrmilter_schema SET version = 2, oldest = 1");
        await using (var store = new SqlitePolicyStore(File, _clock))
        {
            Assert.Equal(2, (await store.SeeAsync("l", "k", s_rule)).Times);
            Assert.True((await store.SeeAsync("l", "new", s_rule)).IsNew);
        }

        Scalar("UPDATE attrmilter_schema SET version = 3, oldest = 3");
        await using (var store = new SqlitePolicyStore(File, _clock))
        {
            var refused = await Assert.ThrowsAsync<PolicyStoreException>(async () => await store.SeeAsync("l", "k", s_rule));
            Assert.EndsWith("its tables are of version 3, which packages before version 3 can't use, and this one has version 1. Update AttrMilter.Policy here.", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_an_error_until_it_is_mended()
    {
        await System.IO.File.WriteAllTextAsync(File, new string('x', 4096));
        await using var store = new SqlitePolicyStore(File, _clock);
        await Assert.ThrowsAnyAsync<SqliteException>(async () => await store.FindAsync("l", "k"));

        System.IO.File.Delete(File);
        Assert.True((await store.SeeAsync("l", "k", s_rule)).IsNew);
    }

    [Theory]
    [InlineData("joe@example.org", true)]
    [InlineData("", false)]
    [InlineData("#begins as a digest does", false)]
    [InlineData("nul\0", false)]
    [InlineData("lone \udc80 surrogate", false)]
    [InlineData("Glückwunsch@example.org", false)]
    public async Task Whatever_a_sender_sends_is_a_key(string key, bool isPlain)
    {
        foreach (string odd in (string[])[key, key + new string('x', 70_000)])
        {
            var safe = new SafeKeysStore(new SqlitePolicyStore(File, _clock), null);
            await using (safe)
            {
                Assert.True((await safe.SeeAsync("l", odd, s_rule)).IsNew);
                Assert.Equal(2, (await safe.SeeAsync("l", odd, s_rule)).Times);
            }

            Assert.Matches(isPlain && odd == key ? $"^{key}$" : "^#[0-9A-F]{32}$", safe.Safe(odd));
        }
    }

    [Fact]
    public async Task With_a_secret_no_address_is_kept()
    {
        await using var inner = new MemoryPolicyStore(_clock);
        var hashed = new SafeKeysStore(inner, "0123456789abcdef");
        await hashed.SeeAsync("l", "joe@example.org", s_rule);

        string kept = (await inner.ListAsync("l", null, 10)).Single().Key;
        Assert.Matches("^#[0-9A-F]{32}$", kept);
        Assert.Equal(2, (await hashed.SeeAsync("l", "joe@example.org", s_rule)).Times);
        Assert.Equal(kept, (await hashed.ListAsync("l", "joe@example.org", 10)).Single().Key);
        Assert.True(await new SafeKeysStore(inner, "another secret of 16").FindAsync("l", "joe@example.org") is null);
    }

    /// <summary>Operations that follow each other closely, however slow the machine is: as many as it takes.</summary>
    private async Task BatchAsync(SqlitePolicyStore store)
    {
        while (!System.IO.File.Exists(File + "-batch"))
        {
            await store.SeeAsync("l", "k", s_rule);
        }
    }

    private object? Scalar(string text)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = text;
        return command.ExecuteScalar();
    }
}
