using System.Text.RegularExpressions;

namespace Milter.Package.Tests;

/// <summary>
/// Protects what somebody sees of a package before the first line of code: where its source is, its page, its icon, its changes, symbols that lead to sources, and versions that fit each other.
/// The gate tries it with all packages (<c>ATTRMILTER_PACKAGES</c>), others with those of <see cref="Feed"/>.
/// </summary>
[Collection(nameof(Feed))]
public sealed partial class PackageHouseTests : IDisposable
{
    private readonly PackedFile[] _packages;

    public PackageHouseTests(Feed feed)
    {
        _packages = [.. Directory.GetFiles(feed.Packages, "*.nupkg").Order(StringComparer.Ordinal).Select(static path => new PackedFile(path))];
        Assert.True(_packages.Length >= 5);
    }

    // The help links of diagnostics begin with it too: DescriptorTests.
    private static string Address { get; } = RepositoryUrl().Match(File.ReadAllText(Path.Combine(Feed.Root(), "Directory.Build.props"))).Groups["url"].Value;

    public void Dispose() => Array.ForEach(_packages, static package => package.Dispose());

    [Fact]
    public void Each_says_where_its_source_and_its_changes_are() => Assert.All(_packages, static package =>
    {
        Assert.Equal((package.Id, Address), (package.Id, package.Text("projectUrl")));
        Assert.Equal(Address, package.Attribute("repository", "url"));
        Assert.Equal("git", package.Attribute("repository", "type"));
        Assert.Matches("^[0-9a-f]{40}$", package.Attribute("repository", "commit"));
        Assert.Equal($"{Address}/blob/main/CHANGELOG.md", package.Text("releaseNotes"));
        Assert.Equal("MIT", package.Text("license"));
        Assert.NotEqual("", package.Text("description"));
    });

    [Fact]
    public void Each_has_an_icon_and_a_page() => Assert.All(_packages, static package =>
    {
        Assert.True(package.Has(package.Text("icon")), package.Id);
        Assert.True(package.Has(package.Text("readme")), package.Id);
    });

    /// <summary>The page is read where no clone is.</summary>
    [Fact]
    public void Pages_have_whole_links_and_no_commands_that_need_a_clone() => Assert.All(_packages, static package =>
    {
        string page = package.Read(package.Text("readme"));

        Assert.All(Link().Matches(page), static link => Assert.StartsWith("https://", link.Groups["target"].Value, StringComparison.Ordinal));
        Assert.DoesNotMatch(@"git clone|dotnet (run --project|test AttrMilter|build)|of the repository|<!--|\beng/|\bsamples/", page);
    });

    [Fact]
    public void Symbols_lead_to_the_sources_of_the_commit() => Assert.All(_packages.Where(static package => package.Assemblies.Any()), static package =>
    {
        string sources = $"{Address.Replace("https://github.com/", "https://raw.githubusercontent.com/", StringComparison.Ordinal)}/{package.Attribute("repository", "commit")}/*";
        (string File, string? Sources)[] symbols = [.. package.Symbols()];

        Assert.Equal(package.Assemblies.Order(), symbols.Select(static one => Path.GetFileNameWithoutExtension(one.File)).Distinct().Order());
        Assert.All(symbols, one => Assert.Equal((one.File, sources), (one.File, one.Sources)));
    });

    /// <summary>An internal member may change from one version to the next: who sees it goes with one version alone. Who sees public members alone takes later ones.</summary>
    [Fact]
    public void Packages_that_see_internals_of_others_go_with_their_very_version()
    {
        Dictionary<string, PackedFile> byId = _packages.ToDictionary(static package => package.Id);
        int exact = 0;
        foreach (PackedFile package in _packages)
        {
            foreach ((string id, string version) in package.Dependencies.Where(one => byId.ContainsKey(one.Id)))
            {
                bool isFriend = byId[id].Friends().Intersect(package.Assemblies).Any();
                exact += isFriend ? 1 : 0;
                Assert.Equal($"{package.Id}: {id} {(isFriend ? $"[{package.Version}]" : package.Version)}", $"{package.Id}: {id} {version}");
            }
        }

        Assert.True(exact >= 2, "AttrMilter.Testing sees the internals of AttrMilter and AttrMilter.Client");
    }

    [GeneratedRegex("<RepositoryUrl>(?<url>[^<]+)</RepositoryUrl>")]
    private static partial Regex RepositoryUrl();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();
}
