namespace Milter.Policy.Tests;

[Collection(StoreCollection.Name)]
public sealed class PostgreSqlTests(StoreFixture fixture)
{
    private static readonly SightingRule s_rule = SightingRule.ForSet(TimeSpan.FromHours(1));

    [SkippableFact]
    public async Task A_login_that_may_not_make_tables_says_so_and_uses_those_that_its_owner_made()
    {
        PostgreSqlServer server = await fixture.PostgreSqlAsync();
        await server.ExecuteAsync("CREATE DATABASE guarded");
        await server.ExecuteAsync("CREATE ROLE guest LOGIN");
        string owner = server.ConnectionString("postgres").Replace("Database=postgres", "Database=guarded", StringComparison.Ordinal);
        await using var store = new PostgreSqlPolicyStore(owner.Replace("Username=postgres", "Username=guest", StringComparison.Ordinal));

        var refused = await Assert.ThrowsAsync<PolicyStoreException>(async () => await store.SeeAsync("l", "k", s_rule));
        await using (Npgsql.NpgsqlDataSource source = Npgsql.NpgsqlDataSource.Create(owner))
        {
            await using Npgsql.NpgsqlCommand script = source.CreateCommand(
                SqlText.PostgreSql.Script + "GRANT SELECT, INSERT, UPDATE, DELETE ON attrmilter_schema, attrmilter_seen, attrmilter_count TO guest;");
            await script.ExecuteNonQueryAsync();
        }

        Assert.Contains("Have the database's owner run what \"milter policy sql postgresql\" prints", refused.Message, StringComparison.Ordinal);
        Assert.True((await store.SeeAsync("l", "k", s_rule)).IsNew);
    }

    [SkippableFact]
    public async Task Hosts_that_start_at_once_make_the_tables_once()
    {
        PostgreSqlServer server = await fixture.PostgreSqlAsync();
        await server.ExecuteAsync("CREATE DATABASE fresh");
        string connection = server.ConnectionString("postgres").Replace("Database=postgres", "Database=fresh", StringComparison.Ordinal);
        var stores = Enumerable.Range(0, 8).Select(_ => new PostgreSqlPolicyStore(connection, timeout: TimeSpan.FromSeconds(30))).ToArray();

        Sighting[] seen = await Task.WhenAll(stores.Select(store => Task.Run(async () => await store.SeeAsync("l", "k", s_rule))));

        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], seen.Select(one => one.Times).Order());
        foreach (PostgreSqlPolicyStore store in stores)
        {
            await store.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task What_names_the_store_has_no_password()
    {
        PostgreSqlServer server = await fixture.PostgreSqlAsync();
        await using var store = new PostgreSqlPolicyStore(server.ConnectionString("postgres") + ";Password=secret");

        Assert.DoesNotContain("secret", store.ToString(), StringComparison.Ordinal);
    }
}
