using Milter.Policy;

namespace Milter.Tool.Tests;

/// <summary><c>milter policy</c> on a SQLite file; the stores themselves have tests of their own.</summary>
public sealed class PolicyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("attrmilter-tool-policy-").FullName;

    private string File => Path.Combine(_folder, "policy.db");

    private string Settings => Path.Combine(_folder, "appsettings.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_key_is_shown_allowed_and_forgotten_on_the_store_of_the_settings()
    {
        await System.IO.File.WriteAllTextAsync(Settings, $$"""{ "Policy": { "Store": "sqlite:{{File}}" } }""");
        await using (var store = new SqlitePolicyStore(File))
        {
            await store.SeeAsync(Greylist.Triplets, "192.0.2.0/24 joe@example.org ann@example.net", new SightingRule(TimeSpan.FromMinutes(5), TimeSpan.FromHours(4), TimeSpan.FromDays(36)));
        }

        Ran shown = (await RunAsync("show", "192.0.2")).Expect(ExitCode.Passed);
        Assert.StartsWith("greylist\t192.0.2.0/24 joe@example.org ann@example.net\tseen 1, passed 0\t", shown.Output, StringComparison.Ordinal);

        Ran allowed = (await RunAsync("allow", "192.0.2.7")).Expect(ExitCode.Passed);
        Assert.Equal("greylist-clients: 192.0.2.0/24 is allowed for 400 days from when it is last seen.\n", allowed.Output);
        await using (var store = new SqlitePolicyStore(File))
        {
            Assert.InRange((await store.FindAsync(Greylist.Clients, "192.0.2.0/24"))!.Value.Passes, 1_000, long.MaxValue);
        }

        Ran forgotten = (await RunAsync("forget", "192.0.2.0/24 joe@example.org ann@example.net")).Expect(ExitCode.Passed);
        Assert.Equal("greylist: 192.0.2.0/24 joe@example.org ann@example.net is forgotten.\n", forgotten.Output);
        (await RunAsync("forget", "192.0.2.7")).Expect(ExitCode.Passed);
        (await RunAsync("forget", "192.0.2.7")).Expect(ExitCode.Refused);
        (await RunAsync("show")).Expect(ExitCode.Refused);
    }

    [Fact]
    public async Task What_is_no_client_needs_the_name_of_its_list()
    {
        Ran ran = await Tool.RunAsync("policy", "allow", "example.org", "--store", $"sqlite:{File}");

        ran.Expect(ExitCode.Usage);
        Assert.Contains("\"example.org\" is no address and no network: say by --list where it belongs (greylist-clients, greylist, known-senders, limits).", ran.Error, StringComparison.Ordinal);
        (await Tool.RunAsync("policy", "allow", "example.org", "--list", "known-senders", "--store", $"sqlite:{File}")).Expect(ExitCode.Passed);
    }

    [Fact]
    public async Task A_client_is_known_by_the_network_that_the_settings_say()
    {
        await System.IO.File.WriteAllTextAsync(Settings, $$"""{ "Policy": { "Store": "sqlite:{{File}}", "Greylist": { "IPv4PrefixLength": 28, "IPv6PrefixLength": 48 } } }""");

        Assert.StartsWith("greylist-clients: 192.0.2.32/28 is allowed", (await RunAsync("allow", "192.0.2.40")).Expect(ExitCode.Passed).Output, StringComparison.Ordinal);
        Assert.StartsWith("greylist-clients: 192.0.2.48/28 is allowed", (await RunAsync("allow", "192.0.2.50/28")).Expect(ExitCode.Passed).Output, StringComparison.Ordinal);
        Assert.StartsWith("greylist-clients: 2001:db8:1::/48 is allowed", (await RunAsync("allow", "2001:db8:1:2::3")).Expect(ExitCode.Passed).Output, StringComparison.Ordinal);
        Assert.Contains("192.0.2.32/28", (await RunAsync("show", "192.0.2.41")).Expect(ExitCode.Passed).Output, StringComparison.Ordinal);
        Assert.Contains("2001:db8:1::/48", (await RunAsync("show", "2001:db8:1:ffff::1")).Expect(ExitCode.Passed).Output, StringComparison.Ordinal);
        (await RunAsync("show", "192.0.2.64")).Expect(ExitCode.Refused);
        (await RunAsync("forget", "192.0.2.33")).Expect(ExitCode.Passed);
        (await RunAsync("show", "192.0.2.40")).Expect(ExitCode.Refused);
    }

    [Theory]
    [InlineData("192.0.2", "is no address and no network")]
    [InlineData("7", "is no address and no network")]
    [InlineData("192.0.0.0/16", "is no network of the greylist, which has a client's /24: write an address, or put the network into Policy:Greylist:ExemptClients.")]
    public async Task What_the_greylist_would_never_look_for_is_not_allowed(string text, string said) =>
        Assert.Contains(said, (await Tool.RunAsync("policy", "allow", text, "--store", $"sqlite:{File}")).Expect(ExitCode.Usage).Error, StringComparison.Ordinal);

    [Fact]
    public async Task A_store_that_is_away_is_told_in_a_line_without_its_password()
    {
        Ran ran = await Tool.RunAsync("policy", "show", "--store", "postgresql:Host=127.0.0.1;Port=1;Username=filter;Password=secret;Database=mail");

        ran.Expect(ExitCode.Unreachable);
        Assert.StartsWith("milter: postgresql:Host=127.0.0.1;Port=1;Database=mail;Username=filter can't be asked: ", ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_store_it_says_how_to_name_one() =>
        Assert.Contains("has no Policy:Store: give --settings FILE or --store STORE", (await RunAsync("show", "--settings", await EmptyAsync())).Expect(ExitCode.Usage).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("postgresql", "bigint NOT NULL")]
    [InlineData("sqlite", "integer NOT NULL")]
    public async Task The_tables_are_printed_as_SQL(string database, string column)
    {
        string printed = (await Tool.RunAsync("policy", "sql", database)).Expect(ExitCode.Passed).Output;

        Assert.Contains("CREATE TABLE IF NOT EXISTS attrmilter_seen (", printed, StringComparison.Ordinal);
        Assert.Contains(column, printed, StringComparison.Ordinal);
    }

    private async Task<string> EmptyAsync()
    {
        string empty = Path.Combine(_folder, "empty.json");
        await System.IO.File.WriteAllTextAsync(empty, "{}");
        return empty;
    }

    private Task<Ran> RunAsync(params string[] arguments) =>
        Tool.RunAsync(["policy", .. arguments, .. arguments.Contains("--settings") ? (string[])[] : ["--settings", Settings]]);
}
