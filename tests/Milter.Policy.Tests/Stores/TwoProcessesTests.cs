using System.Globalization;

namespace Milter.Policy.Tests;

/// <summary>What several hosts share: two processes at once, and a database that is killed and comes back.</summary>
[Collection(StoreCollection.Name)]
public sealed class TwoProcessesTests(StoreFixture fixture)
{
    private const int Attempts = 200;

    [SkippableTheory]
    [InlineData("sqlite")]
    [InlineData("postgresql")]
    [InlineData("redis")]
    public async Task Two_processes_with_200_first_attempts_at_once_count_each_triplet_once(string store)
    {
        string setting = await fixture.SettingAsync(store);
        string list = $"first-{Guid.NewGuid():N}";
        using var one = new Worker("first", setting, list, $"{Attempts}");
        using var other = new Worker("first", setting, list, $"{Attempts}");
        await one.UntilAsync("ready");
        await other.UntilAsync("ready");
        one.Go();
        other.Go();

        string[] lines = [.. await one.RestAsync(), .. await other.RestAsync()];

        Assert.Equal(2 * Attempts, lines.Length);
        foreach (IGrouping<string, string[]> triplet in lines.Select(line => line.Split(' ')).GroupBy(words => words[0]))
        {
            Assert.Equal(["known 2", "new 1"], triplet.Select(words => $"{words[1]} {words[2]}").Order(StringComparer.Ordinal));
        }

        await using IPolicyStore opened = await fixture.OpenAsync(store);
        IReadOnlyList<StoredKey> kept = await opened.ListAsync(list, null, 10 * Attempts);
        Assert.Equal(Attempts, kept.Count(key => key.Sighting is { Times: 2, Passes: 0 }));
    }

    [Fact]
    public async Task What_SQLite_has_confirmed_outlives_a_process_that_is_killed_again_and_again()
    {
        string setting = await fixture.SettingAsync("sqlite");
        string list = $"confirmed-{Guid.NewGuid():N}";
        Dictionary<int, long> told = [];
        long counted = 0;
        for (int round = 0; round < 5; round++)
        {
            using var one = new Worker("confirm", setting, list);
            string last = await one.UntilAsync($"{400 + (37 * round)}");
            one.Kill();

            // What was confirmed and told; the operation after that may have been confirmed and not told.
            last = (await one.LeftAsync()).LastOrDefault(line => int.TryParse(line, out _)) ?? last;
            int attempts = int.Parse(last, CultureInfo.InvariantCulture);
            counted += attempts;
            for (int i = 1; i <= attempts; i++)
            {
                told[i / 2] = told.GetValueOrDefault(i / 2) + 1;
            }

            await using IPolicyStore opened = await fixture.OpenAsync("sqlite");
            foreach ((int key, long times) in told)
            {
                Assert.InRange((await opened.FindAsync(list, $"key {key}"))?.Times ?? 0, times, times + round + 1);
            }

            Assert.InRange((await opened.ListAsync(list, "all", 1)).Single().Total, counted, counted + round + 1);
        }
    }

    /// <summary>PostgreSQL has forgotten nothing; a Redis without persistence has forgotten all, and what it has forgotten is greylisted anew.</summary>
    [SkippableTheory]
    [InlineData("postgresql")]
    [InlineData("redis")]
    public async Task A_store_that_is_killed_under_load_and_comes_back_loses_no_message_and_holds_none_up(string store)
    {
        const int triplets = 400;
        await using StoreServer server = store == "redis" ? await RedisServer.StartNewAsync() : await PostgreSqlServer.StartNewAsync();
        using var one = new Worker("load", server.Setting, "joe@example.org", $"{triplets}");
        using var other = new Worker("load", server.Setting, "joe@example.org", $"{triplets}");
        await one.UntilAsync("quarter");
        await other.UntilAsync("quarter");

        await server.KillAsync();
        one.Go();
        other.Go();
        await one.UntilAsync("missed");
        await other.UntilAsync("missed");
        await server.StartAsync();

        Dictionary<string, long>[] told = [Read(await one.UntilAsync("done=")), Read(await other.UntilAsync("done="))];
        await using IPolicyStore opened = store == "redis" ? new RedisPolicyStore(server.Setting[6..]) : new PostgreSqlPolicyStore(server.Setting[11..]);
        IReadOnlyList<StoredKey> kept = await opened.ListAsync(Greylist.Triplets, null, 10 * triplets);
        foreach (Dictionary<string, long> worker in told)
        {
            Assert.Equal((triplets, 0), (worker["done"], worker["passed"]));
            Assert.True(worker["away"] > 0);

            // The budget of a command; a filter that needs longer is given up by Sendmail after 10 s.
            Assert.InRange(worker["slowest"], 0, 8_000);
        }

        long fresh = told.Sum(worker => worker["new"]);
        if (store == "redis")
        {
            Assert.InRange(kept.Count, 1, triplets);
            Assert.InRange(fresh, triplets, 2 * triplets);
        }
        else
        {
            // One that was written when the server died may have been told to nobody; none was told twice.
            Assert.Equal(triplets, kept.Count);
            Assert.InRange(fresh, triplets - 16, triplets);
        }
    }

    private static Dictionary<string, long> Read(string line) => line.Split(' ').Select(word => word.Split('=')).ToDictionary(
        static parts => parts[0], static parts => long.Parse(parts[1], CultureInfo.InvariantCulture));
}
